using CloudPipe.Inspections;
using CloudPipe.Telemetry;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Inspections;

/// <summary>Every five minutes looks for inspections that no event or message carries on, and how full the queues are.</summary>
/// <param name="step">Looks for inspections.</param>
/// <param name="gauges">Looks at the queues.</param>
public sealed class SweepFunction(SweepStep step, QueueGauges gauges)
{
    /// <summary>Sweeps once.</summary>
    /// <param name="timer">The timer that called.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("Sweep")]
    public async Task RunAsync([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await gauges.MeasureAsync(cancellationToken).ConfigureAwait(false);
        await step.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
