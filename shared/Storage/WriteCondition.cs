namespace CloudPipe.Storage;

/// <summary>What must hold of the blob for a write to go through.</summary>
public readonly record struct WriteCondition
{
    private WriteCondition(bool mustBeAbsent, string? etag) => (MustBeAbsent, ETag) = (mustBeAbsent, etag);

    /// <summary>Writes whatever is there.</summary>
    public static WriteCondition None => default;

    /// <summary>Writes only when no blob is there: of several writers exactly one wins.</summary>
    public static WriteCondition IfAbsent => new(true, null);

    /// <summary>Whether the blob must not exist.</summary>
    public bool MustBeAbsent { get; }

    /// <summary>The ETag that the blob must have, or <see langword="null"/>.</summary>
    public string? ETag { get; }

    /// <summary>Writes only when the blob still is the one that was read.</summary>
    /// <param name="etag">The ETag that was read.</param>
    /// <returns>The condition.</returns>
    public static WriteCondition IfMatch(string etag) => new(false, etag);
}
