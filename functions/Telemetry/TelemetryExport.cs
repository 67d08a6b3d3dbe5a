using System.Reflection;
using CloudPipe.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CloudPipe.Functions.Telemetry;

/// <summary>
/// Sends CloudPipe's spans and metrics to a collector from start to stop. Of other sources, such as HttpClient's and Azure's
/// clients', it takes nothing: their spans hold URLs, which may carry a signature.
/// </summary>
/// <param name="options">Where to.</param>
/// <param name="role">What this process does.</param>
/// <param name="logger">Hears where telemetry goes, and when the last of it is lost.</param>
internal sealed partial class TelemetryExport(TelemetryOptions options, string role, ILogger<TelemetryExport> logger) : IHostedService, IDisposable
{
    private const string ServiceName = "cloudpipe";

    // What is left of a stop is worth no more waiting, be the collector there or not.
    private static readonly TimeSpan _lastExport = TimeSpan.FromSeconds(2);

    private TracerProvider? _traces;
    private MeterProvider? _metrics;
    private Task<bool[]>? _ending;

    /// <summary>Whether anything is listened to.</summary>
    public bool IsOn => _traces is not null;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.OtlpEndpoint is not { } endpoint)
        {
            return Task.CompletedTask;
        }

        string version = typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        ResourceBuilder resource = ResourceBuilder.CreateDefault()
            .AddService(ServiceName, serviceVersion: version, serviceInstanceId: Guid.NewGuid().ToString())
            .AddAttributes([new(TraceAttributes.Role, role)]);
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(CloudPipeTrace.SourceName)
            .SetSampler(new TraceSampler(options.SampleRatio))
            .AddOtlpExporter(exporter => Configure(exporter, endpoint, "traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(CloudPipeMeter.Name)
            .AddOtlpExporter(exporter => Configure(exporter, endpoint, "metrics"))
            .Build();
        LogOn(endpoint.Authority);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_traces is null || _metrics is null)
        {
            return;
        }

        int budget = (int)_lastExport.TotalMilliseconds;
        _ending = Task.WhenAll(Task.Run(() => _traces.Shutdown(budget), CancellationToken.None), Task.Run(() => _metrics.Shutdown(budget), CancellationToken.None));
        try
        {
            bool[] sent = await _ending.WaitAsync(_lastExport, CancellationToken.None).ConfigureAwait(false);
            if (!sent.All(all => all))
            {
                LogLost(options.OtlpEndpoint!.Authority);
            }
        }
        catch (TimeoutException)
        {
            LogLost(options.OtlpEndpoint!.Authority);
        }
    }

    /// <inheritdoc/>
    public void Dispose() =>
        // A shutdown that still waits for the collector holds nothing up: they go when it is over.
        _ending?.ContinueWith(
            _ =>
            {
                _traces!.Dispose();
                _metrics!.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    private void Configure(OtlpExporterOptions exporter, Uri endpoint, string signal)
    {
        bool isGrpc = options.OtlpProtocol == OtlpProtocol.Grpc;
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;

        // Set by code, the exporter takes the address as it is.
        exporter.Endpoint = isGrpc ? endpoint : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Traces and metrics go to {Collector}.")]
    private partial void LogOn(string collector);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The collector {Collector} has not taken the last traces and metrics in time; they are lost.")]
    private partial void LogLost(string collector);
}
