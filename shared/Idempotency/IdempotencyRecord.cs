namespace CloudPipe.Idempotency;

/// <summary>What is known of an idempotency key: <c>idempotency/&lt;hash&gt;.json</c>, the hash with a slash after its first two digits.</summary>
/// <param name="Fingerprint">Names the request's content.</param>
/// <param name="StartedAt">When the request was taken in hand.</param>
/// <param name="ExpiresAt">From then on the key is free again.</param>
/// <param name="Answer">The first answer; <see langword="null"/> while the request is worked on.</param>
public sealed record IdempotencyRecord(string Fingerprint, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt, StoredAnswer? Answer);
