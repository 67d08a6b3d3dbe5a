using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CloudPipe.Functions.Telemetry;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Telemetry;
using CloudPipe.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudPipe.Functions.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class TelemetryExportTests
{
    private const string Inspection = "film-0123456789abcdef";

    [Fact]
    public async Task Off_by_default_it_makes_no_exporter_and_nobody_listens()
    {
        using IHost host = Build();
        await host.StartAsync();

        Assert.False(host.Services.GetServices<IHostedService>().OfType<TelemetryExport>().Single().IsOn);
        Assert.False(IsTraced());
        Assert.False(CloudPipeMeter.WantsQueues);
        await host.StopAsync();
    }

    [Theory]
    [InlineData(OtlpProtocol.Grpc)]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    public async Task A_collector_gets_spans_and_metrics_by_the_end_of_the_process(OtlpProtocol protocol)
    {
        await using Collector collector = await Collector.StartAsync(protocol);
        using (IHost host = Build(("OtlpEndpoint", collector.Url), ("OtlpProtocol", $"{protocol}")))
        {
            await host.StartAsync();
            Assert.True(IsTraced());
            CloudPipeMeter.CountDeliveryAttempt(DeliveryOutcome.Retrying);
            await host.StopAsync();
        }

        Assert.All(["service.name", "cloudpipe", "service.instance.id", "service.version", "cloudpipe.role", "tester", "ingest", Inspection], text => Assert.Contains(text, collector.Traces, StringComparison.Ordinal));
        Assert.All(["service.name", "cloudpipe.delivery.attempts", "retrying"], text => Assert.Contains(text, collector.Metrics, StringComparison.Ordinal));
        Assert.False(IsTraced());
    }

    [Fact]
    public async Task OpenTelemetrys_own_variables_count_where_nothing_else_is_set()
    {
        await using Collector collector = await Collector.StartAsync();
        using (IHost host = Build([], ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            await host.StartAsync();
            Assert.True(IsTraced());
            await host.StopAsync();
        }

        Assert.Contains("ingest", collector.Traces, StringComparison.Ordinal);
        using IHost both = Build([("OtlpEndpoint", "http://mine:4317")], ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        TelemetryOptions options = both.Services.GetRequiredService<TelemetryOptions>();
        Assert.Equal((new Uri("http://mine:4317"), OtlpProtocol.Grpc), (options.OtlpEndpoint, options.OtlpProtocol));
    }

    [Theory]
    [InlineData("agent:4317", "grpc", "CloudPipe:Telemetry:OtlpEndpoint")]
    [InlineData("http://", "grpc", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("http://agent:4317", "http/json", "OTEL_EXPORTER_OTLP_PROTOCOL")]
    public async Task A_variable_that_cannot_be_is_refused(string endpoint, string protocol, string named)
    {
        using IHost host = Build([], ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol));

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_never_answers_holds_the_end_up_by_two_seconds_at_most()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using (IHost host = Build(("OtlpEndpoint", $"http://{silent.LocalEndpoint}"), ("OtlpProtocol", "httpProtobuf")))
        {
            await host.StartAsync();
            Assert.True(IsTraced());
            CloudPipeMeter.CountDeliveryAttempt(DeliveryOutcome.Retrying);

            // The exporter itself would wait for 10 seconds.
            await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(8));
        }

        silent.Stop();
        Assert.True(SpinWait.SpinUntil(() => !IsTraced(), TimeSpan.FromSeconds(30)), "Once the collector is gone nobody listens any longer.");
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public async Task A_share_of_traces_is_kept_and_every_span_of_each(string ratio, bool isKept)
    {
        using IHost host = Build(("OtlpEndpoint", "http://127.0.0.1:1"), ("OtlpProtocol", "httpProtobuf"), ("SampleRatio", ratio));
        await host.StartAsync();
        using (Activity root = CloudPipeTrace.StartStep("ingest", TraceSubject.OfInspection(Inspection))!)
        {
            Assert.Equal(isKept, root.Recorded);
            Assert.Equal(CloudPipeTrace.RootOf(Inspection).TraceId, root.TraceId);
        }

        foreach ((string flags, bool isRecorded) in new[] { ("01", true), ("00", false) })
        {
            using Activity child = CloudPipeTrace.StartStep("ingest", TraceSubject.OfInspection(Inspection), $"00-076e75ac3942eca2d3a6e75d4ad851ad-00f067aa0ba902b7-{flags}")!;
            Assert.Equal(isRecorded, child.Recorded);
            Assert.Equal("00f067aa0ba902b7", child.ParentSpanId.ToHexString());
        }

        await host.StopAsync();
    }

    [Theory]
    [InlineData("OtlpEndpoint", "localhost:4317")]
    [InlineData("OtlpEndpoint", "ftp://collector")]
    [InlineData("SampleRatio", "1.5")]
    public async Task A_setting_that_cannot_be_is_refused_by_its_key(string key, string value)
    {
        using IHost host = Build((key, value));

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains($"CloudPipe:Telemetry:{key}", refused.Message, StringComparison.Ordinal);
    }

    private static bool IsTraced()
    {
        using Activity? span = CloudPipeTrace.StartStep("ingest", TraceSubject.OfInspection(Inspection));
        return span is not null;
    }

    private static IHost Build(params (string Key, string Value)[] settings) => Build(settings, []);

    private static IHost Build((string Key, string Value)[] settings, params (string Key, string Value)[] variables)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>($"CloudPipe:Telemetry:{setting.Key}", setting.Value)));
        builder.Configuration.AddInMemoryCollection(variables.Select(variable => new KeyValuePair<string, string?>(variable.Key, variable.Value)));
        builder.Logging.ClearProviders();
        builder.Services.AddCloudPipeTelemetry("tester");
        return builder.Build();
    }
}
