namespace CloudPipe.Queues;

/// <summary>Ends a handler that has chosen its message's settlement by itself: <see cref="SettlementPolicy"/> follows it.</summary>
/// <param name="settlement">What becomes of the message.</param>
public sealed class SettlementException(Settlement settlement) : Exception($"The handler asks for: {settlement}.")
{
    /// <summary>What becomes of the message.</summary>
    public Settlement Settlement { get; } = settlement;
}
