using CloudPipe.GpuWorker.Worker;
using CloudPipe.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Commands;

/// <summary>A process that does a part of the work for a bucket, until it is told to stop or has drained its queues.</summary>
internal static class RoleProcess
{
    /// <summary>Runs it.</summary>
    /// <param name="settings">The command line.</param>
    /// <param name="roles">The part.</param>
    /// <param name="budget">Lets a worker end when its queues are empty; <see langword="null"/> to stay.</param>
    /// <param name="output">Where it says that it serves.</param>
    /// <param name="cancellationToken">Stops it; messages in hand are given back.</param>
    /// <returns>0 when it was told to stop or has drained its queues, 1 when a part of it failed.</returns>
    public static async Task<int> RunAsync(CommandSettings settings, HostRoles roles, DrainBudget? budget, CommandOutput output, CancellationToken cancellationToken)
    {
        using IHost host = LocalServices.Build(settings, LogLevel.Information, roles, budget);
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        await output.Out.WriteLineAsync($"Serving as {roles.ToString().ToLowerInvariant()}{(budget is null ? "; Ctrl-C stops." : " until the queues are empty.")}").ConfigureAwait(false);
        await WaitAsync(host, cancellationToken).ConfigureAwait(false);
        bool failed = Failed(host);
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return failed ? ExitCode.Failure : ExitCode.Success;
    }

    /// <summary>Waits until a host ends by itself or is to be stopped.</summary>
    /// <param name="host">The host, started.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task WaitAsync(IHost host, CancellationToken cancellationToken)
    {
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, stopped.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
    }

    /// <summary>Whether a part of a host has failed, which stops the host.</summary>
    /// <param name="host">The host.</param>
    /// <returns>Whether one has.</returns>
    public static bool Failed(IHost host) => host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(service => service.ExecuteTask is { IsFaulted: true });
}
