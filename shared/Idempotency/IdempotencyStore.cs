using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Storage;

namespace CloudPipe.Idempotency;

/// <summary>
/// Keeps the first answer to each request that carries an idempotency key, so that a client that heard nothing may ask again.
/// Of several processes that get the same request one carries it out. A key that nobody completed, because its process died,
/// is free again after two minutes, and an answered one after a day at most.
/// </summary>
/// <param name="store">Where the answers are kept.</param>
/// <param name="timeProvider">The clock.</param>
public sealed class IdempotencyStore(IBlobStore store, TimeProvider timeProvider)
{
    // A request takes seconds; whoever takes longer has died.
    private static readonly TimeSpan _longestRequest = TimeSpan.FromMinutes(2);

    // What one new key clears away at most.
    private const int LargestSweep = 20;

    /// <summary>How long an answer is kept.</summary>
    public static TimeSpan Lifetime => TimeSpan.FromHours(24);

    /// <summary>Takes a request in hand, or tells why not.</summary>
    /// <param name="scope">What the key belongs to: the method and path.</param>
    /// <param name="key">The key, as the client chose it.</param>
    /// <param name="fingerprint">Names the request's content.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What to do.</returns>
    public async Task<IdempotencyClaim> ClaimAsync(string scope, string key, string fingerprint, CancellationToken cancellationToken = default)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{scope}\n{key}")));
        var path = new BlobPath(BlobContainers.Idempotency, $"{hash[..2]}/{hash[2..]}.json");
        while (true)
        {
            DateTimeOffset now = timeProvider.GetUtcNow();
            var mine = new IdempotencyRecord(fingerprint, now, now + _longestRequest, null);
            if (await store.WriteJsonAsync(path, mine, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is string created)
            {
                await SweepAsync(hash[..2] + "/", now, cancellationToken).ConfigureAwait(false);
                return new IdempotencyClaim.First(path, created, mine);
            }

            await using BlobContent? content = await store.OpenReadAsync(path, null, cancellationToken).ConfigureAwait(false);
            if (content is null)
            {
                continue;
            }

            IdempotencyRecord? there = await JsonSerializer.DeserializeAsync<IdempotencyRecord>(content.Stream, CloudPipeJson.Options, cancellationToken).ConfigureAwait(false);
            if (there is not null && there.ExpiresAt > now)
            {
                return there.Fingerprint != fingerprint ? new IdempotencyClaim.OtherRequest()
                    : there.Answer is null ? new IdempotencyClaim.InProgress()
                    : new IdempotencyClaim.Repeat(there.Answer);
            }

            if (await store.WriteJsonAsync(path, mine, WriteCondition.IfMatch(content.Properties.ETag), cancellationToken).ConfigureAwait(false) is string taken)
            {
                return new IdempotencyClaim.First(path, taken, mine);
            }
        }
    }

    /// <summary>Keeps the answer for repeats.</summary>
    /// <param name="claim">The request.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="validFor">How long it means something; <see cref="Lifetime"/> at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task CompleteAsync(IdempotencyClaim.First claim, StoredAnswer answer, TimeSpan? validFor = null, CancellationToken cancellationToken = default)
    {
        TimeSpan lifetime = validFor < Lifetime ? validFor.Value : Lifetime;
        IdempotencyRecord answered = claim.Record with { Answer = answer, ExpiresAt = claim.Record.StartedAt + lifetime };

        // Where the condition does not hold, this request took so long that another one has taken its place.
        return store.WriteJsonAsync(claim.Path, answered, WriteCondition.IfMatch(claim.ETag), cancellationToken);
    }

    /// <summary>Frees the key: the request changed nothing, and a repeat is to be carried out.</summary>
    /// <param name="claim">The request.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task ReleaseAsync(IdempotencyClaim.First claim, CancellationToken cancellationToken = default) =>
        store.WriteJsonAsync(claim.Path, claim.Record with { ExpiresAt = claim.Record.StartedAt }, WriteCondition.IfMatch(claim.ETag), cancellationToken);

    /// <summary>
    /// Hashes spread evenly, so that each new key clears what has ended in its 256th of the container: a folder's stays small
    /// without anybody who tidies it. On Azure a lifecycle rule does so too.
    /// </summary>
    private async Task SweepAsync(string prefix, DateTimeOffset now, CancellationToken cancellationToken)
    {
        BlobPage page = await store.ListAsync(BlobContainers.Idempotency, prefix, null, LargestSweep, cancellationToken).ConfigureAwait(false);
        foreach (BlobProperties blob in page.Blobs.Where(blob => blob.LastModified + Lifetime + _longestRequest < now))
        {
            await store.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false);
        }
    }
}
