using CloudPipe.Inspections;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Inspections;

/// <summary>Every five minutes looks for inspections that no event or message carries on.</summary>
/// <param name="step">Looks.</param>
public sealed class SweepFunction(SweepStep step)
{
    /// <summary>Sweeps once.</summary>
    /// <param name="timer">The timer that called.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("Sweep")]
    public Task RunAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        step.RunAsync(cancellationToken);
}
