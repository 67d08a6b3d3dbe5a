namespace CloudPipe.Idempotency;

/// <summary>The answer to a request, kept for its repeats.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The body's media type; <see langword="null"/> without a body.</param>
/// <param name="Body">The body.</param>
/// <param name="Location">The <c>Location</c> header, or <see langword="null"/>.</param>
public sealed record StoredAnswer(int Status, string? ContentType, string? Body, string? Location);
