using CloudPipe.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudPipe.Functions.Telemetry;

/// <summary>Registers the export of traces and metrics, which is off unless <see cref="TelemetryOptions.OtlpEndpoint"/> or OpenTelemetry's own variable is set.</summary>
public static class TelemetryRegistration
{
    // OpenTelemetry's own names; the agent of a Container Apps environment sets both in every container.
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>Registers the export; call it before anything else that is started, so that it stops last.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="role">What this process does: <c>up</c>, <c>functions</c> or <c>worker</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCloudPipeTelemetry(this IServiceCollection services, string role)
    {
        services.AddOptionsSection<TelemetryOptions>("Telemetry");
        services.AddOptions<TelemetryOptions>().PostConfigure<IConfiguration>(TakeVariables);
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<TelemetryExport>(provider, role));
        return services;
    }

    private static void TakeVariables(TelemetryOptions options, IConfiguration configuration)
    {
        if (options.OtlpEndpoint is not null || configuration[EndpointVariable] is not { Length: > 0 } endpoint)
        {
            return;
        }

        options.OtlpEndpoint = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) ? address : throw Refuse($"{EndpointVariable} is '{endpoint}', which is no address.");
        options.OtlpProtocol = configuration[ProtocolVariable] switch
        {
            null or "" => options.OtlpProtocol,
            "grpc" => OtlpProtocol.Grpc,
            "http/protobuf" => OtlpProtocol.HttpProtobuf,
            string other => throw Refuse($"{ProtocolVariable} is '{other}'; 'grpc' and 'http/protobuf' are known."),
        };
    }

    private static OptionsValidationException Refuse(string why) => new(Options.DefaultName, typeof(TelemetryOptions), [why]);
}
