using Microsoft.Extensions.Hosting;

namespace CloudPipe.Local.Api;

/// <summary>The API's server starts and stops with the host that it is part of, which alone hears of signals.</summary>
internal sealed class OuterLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
