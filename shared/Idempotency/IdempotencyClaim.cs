using CloudPipe.Storage;

namespace CloudPipe.Idempotency;

/// <summary>What becomes of a request that carries an idempotency key.</summary>
public abstract record IdempotencyClaim
{
    private IdempotencyClaim()
    {
    }

    /// <summary>It is the first: carry it out, then <see cref="IdempotencyStore.CompleteAsync"/> or <see cref="IdempotencyStore.ReleaseAsync"/>.</summary>
    /// <param name="Path">Where the answer goes.</param>
    /// <param name="ETag">What is there now.</param>
    /// <param name="Record">What is there now.</param>
    public sealed record First(BlobPath Path, string ETag, IdempotencyRecord Record) : IdempotencyClaim;

    /// <summary>It was answered before: give the same answer.</summary>
    /// <param name="Answer">The first answer.</param>
    public sealed record Repeat(StoredAnswer Answer) : IdempotencyClaim;

    /// <summary>The first request with this key has not been answered yet.</summary>
    public sealed record InProgress : IdempotencyClaim;

    /// <summary>The key came with another request before.</summary>
    public sealed record OtherRequest : IdempotencyClaim;
}
