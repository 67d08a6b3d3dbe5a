using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Triggers;

/// <summary>Calls the functions that have a timer trigger, each by its schedule.</summary>
/// <param name="functions">Every function.</param>
/// <param name="services">Make the functions' classes.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Hears of failures.</param>
internal sealed class TimerListener(IReadOnlyList<BoundFunction> functions, IServiceProvider services, TimeProvider timeProvider, ILogger<TimerListener> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        from function in functions
        let trigger = function.Trigger as TimerTriggerAttribute
        where trigger is not null
        select RunAsync(function, trigger, stoppingToken));

    private async Task RunAsync(BoundFunction function, TimerTriggerAttribute trigger, CancellationToken stoppingToken)
    {
        var schedule = NcrontabSchedule.Parse(trigger.Schedule);
        if (trigger.RunOnStartup)
        {
            await CallAsync(function, stoppingToken).ConfigureAwait(false);
        }

        while (true)
        {
            DateTimeOffset now = timeProvider.GetUtcNow();
            await Task.Delay(schedule.NextAfter(now) - now, timeProvider, stoppingToken).ConfigureAwait(false);
            await CallAsync(function, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task CallAsync(BoundFunction function, CancellationToken stoppingToken)
    {
        try
        {
            await using AsyncServiceScope scope = services.CreateAsyncScope();
            await function.InvokeAsync(scope.ServiceProvider, new Dictionary<string, object> { ["timer"] = new TimerInfo() }, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            logger.LogError(exception, "The function {Function} failed; its timer calls it again.", function.Name);
        }
    }
}
