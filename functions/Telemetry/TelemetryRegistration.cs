using CloudPipe.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudPipe.Functions.Telemetry;

/// <summary>Registers the export of traces and metrics, which is off unless <see cref="TelemetryOptions.OtlpEndpoint"/> is set.</summary>
public static class TelemetryRegistration
{
    /// <summary>Registers the export; call it before anything else that is started, so that it stops last.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="role">What this process does: <c>up</c>, <c>functions</c> or <c>worker</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCloudPipeTelemetry(this IServiceCollection services, string role)
    {
        services.AddOptionsSection<TelemetryOptions>("Telemetry");
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<TelemetryExport>(provider, role));
        return services;
    }
}
