namespace CloudPipe.Functions.Telemetry;

/// <summary>How traces and metrics travel to a collector.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC over HTTP/2; a collector's port is 4317 as a rule.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP; a collector's port is 4318 as a rule.</summary>
    HttpProtobuf,
}
