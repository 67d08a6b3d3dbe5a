namespace CloudPipe.Functions.Api;

/// <summary>The queues whose dead letters the API shows and requeues.</summary>
/// <param name="Names">Their names; the single-machine host adds its own.</param>
public sealed record ServedQueues(IReadOnlyList<string> Names);
