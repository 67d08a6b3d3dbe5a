namespace CloudPipe.Functions.Api.DeadLetters;

/// <summary>Dead letters that are to be sent again.</summary>
/// <param name="Queue">The queue they came from.</param>
/// <param name="Id">One message; not with <paramref name="All"/>.</param>
/// <param name="All">Whether all of the queue's dead letters are meant; not with <paramref name="Id"/>.</param>
public sealed record RequeueRequest(string Queue, string? Id = null, bool All = false);
