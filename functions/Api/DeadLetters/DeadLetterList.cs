namespace CloudPipe.Functions.Api.DeadLetters;

/// <summary>Messages that were set aside, queue by queue, oldest first.</summary>
/// <param name="Items">The messages.</param>
/// <param name="Truncated">The queues that have more than the limit: requeue those that are shown, then look again.</param>
public sealed record DeadLetterList(IReadOnlyList<DeadLetterView> Items, IReadOnlyList<string> Truncated);
