using CloudPipe.Messages;

namespace CloudPipe.Queues;

/// <summary>Chooses a message's <see cref="Settlement"/> from how its handler ended: a pure function.</summary>
/// <param name="maxDeliveryCount">The delivery after which no retry follows; see <see cref="QueueOptions.MaxDeliveryCount"/>.</param>
public sealed class SettlementPolicy(int maxDeliveryCount)
{
    private static readonly TimeSpan _firstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromMinutes(2);

    /// <summary>Chooses the settlement.</summary>
    /// <param name="exception">What the handler threw; <see langword="null"/> when it returned.</param>
    /// <param name="deliveryCount">How often the message has been received, this time included.</param>
    /// <returns>
    /// Complete after a return; what the handler itself asked for with a <see cref="SettlementException"/>; a retry at once after a cancellation or a lost lock (no fault of the message); a dead letter
    /// after a message that nobody can read and after the last delivery; else a retry, its delay doubling from a second.
    /// </returns>
    public Settlement Choose(Exception? exception, int deliveryCount) => exception switch
    {
        null => new Settlement.Complete(),
        SettlementException chosen => chosen.Settlement,
        OperationCanceledException or MessageLockLostException => new Settlement.Retry(TimeSpan.Zero),
        MessageFormatException unreadable => new Settlement.DeadLetter(unreadable.Message),
        _ when deliveryCount >= maxDeliveryCount => new Settlement.DeadLetter(
            $"Gave up after {deliveryCount} deliveries. The last one failed with {exception.GetType().Name}: {exception.Message}"),
        _ => new Settlement.Retry(DelayAfter(deliveryCount)),
    };

    private static TimeSpan DelayAfter(int deliveryCount)
    {
        double doubled = _firstDelay.TotalSeconds * Math.Pow(2, deliveryCount - 1);
        return TimeSpan.FromSeconds(Math.Min(doubled, _longestDelay.TotalSeconds));
    }
}
