using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The real package talks to the Azure Functions host over gRPC; this one cannot, and says so.</summary>
internal sealed class MissingFunctionsHost : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException(
        "This build carries a source-compatible subset of Microsoft.Azure.Functions.Worker, which has no connection to the Azure Functions host. "
        + "Build with -p:CloudPipePackages=nuget to run the functions app on Azure or with 'func start'; "
        + "on one machine, 'cloudpipe up' runs the same functions.");

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
