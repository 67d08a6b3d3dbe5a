namespace CloudPipe.Functions.Api;

/// <summary>Whether this process can work.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>; the log says why.</param>
public sealed record Health(string Status);
