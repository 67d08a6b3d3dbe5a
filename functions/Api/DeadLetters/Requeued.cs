namespace CloudPipe.Functions.Api.DeadLetters;

/// <summary>Dead letters were sent again.</summary>
/// <param name="Count">How many.</param>
public sealed record Requeued(int Count);
