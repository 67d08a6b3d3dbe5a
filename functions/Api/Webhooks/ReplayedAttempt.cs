namespace CloudPipe.Functions.Api.Webhooks;

/// <summary>An attempt that a replay has sent off.</summary>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Attempt">Its number, past those of the schedule.</param>
public sealed record ReplayedAttempt(string EndpointId, int Attempt);
