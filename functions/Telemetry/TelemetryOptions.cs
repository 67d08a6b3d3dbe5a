using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Functions.Telemetry;

/// <summary>Section <c>CloudPipe:Telemetry</c>: where traces and metrics go.</summary>
public sealed class TelemetryOptions : IValidatableObject
{
    /// <summary>The OpenTelemetry collector's address, for example <c>http://localhost:4317</c>. Headers that it asks for, a key among them, stand in the environment variable <c>OTEL_EXPORTER_OTLP_HEADERS</c>.</summary>
    /// <value>That of the environment variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, with the protocol of <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>; without them none: nothing is traced or exported.</value>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>How traces and metrics travel there: <c>grpc</c>, or <c>httpProtobuf</c>, which adds <c>/v1/traces</c> and <c>/v1/metrics</c> to the address.</summary>
    /// <value><c>grpc</c> by default.</value>
    public OtlpProtocol OtlpProtocol { get; set; } = OtlpProtocol.Grpc;

    /// <summary>The share of inspections and training runs that are traced, each from its first step to its last.</summary>
    /// <value>0 to 1, 1 by default: all of them.</value>
    [Range(0.0, 1.0)]
    public double SampleRatio { get; set; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is { } endpoint && (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps)))
        {
            yield return new ValidationResult("a collector's address starts with http:// or https://, for example http://localhost:4317", [nameof(OtlpEndpoint)]);
        }
    }
}
