using System.Text.Json;
using CloudPipe.Messages;

namespace CloudPipe.Storage;

/// <summary>Whole blobs as bytes and as JSON.</summary>
public static class BlobStoreExtensions
{
    // As many as a page may hold: each page of a storage account is a call that is paid for.
    private const int LargestPage = 5000;

    /// <summary>Reads a whole blob into memory.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The blob.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The bytes, or <see langword="null"/> when there is no such blob.</returns>
    public static async Task<byte[]?> ReadBytesAsync(this IBlobStore store, BlobPath path, CancellationToken cancellationToken = default)
    {
        await using BlobContent? content = await store.OpenReadAsync(path, null, cancellationToken).ConfigureAwait(false);
        if (content is null)
        {
            return null;
        }

        using var buffer = new MemoryStream((int)Math.Min(content.Properties.Length, int.MaxValue));
        await content.Stream.CopyToAsync(buffer, cancellationToken).ConfigureAwait(false);
        return buffer.ToArray();
    }

    /// <summary>Reads a JSON blob.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="path">The blob.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The value, or <see langword="null"/> when there is no such blob.</returns>
    /// <exception cref="JsonException">The blob is not the JSON of a <typeparamref name="T"/>.</exception>
    public static async Task<T?> ReadJsonAsync<T>(this IBlobStore store, BlobPath path, CancellationToken cancellationToken = default)
        where T : class
    {
        byte[]? bytes = await store.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false);
        return bytes is null ? null : JsonSerializer.Deserialize<T>(bytes, CloudPipeJson.Options);
    }

    /// <summary>Writes bytes as a whole blob.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The blob.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="condition">What must hold for the write to go through.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    /// <returns>The new ETag, or <see langword="null"/> when the condition did not hold.</returns>
    public static async Task<string?> WriteBytesAsync(this IBlobStore store, BlobPath path, byte[] bytes, WriteCondition condition = default, CancellationToken cancellationToken = default)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return await store.WriteAsync(path, stream, condition, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a value as a JSON blob.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="path">The blob.</param>
    /// <param name="value">The value.</param>
    /// <param name="condition">What must hold for the write to go through.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    /// <returns>The new ETag, or <see langword="null"/> when the condition did not hold.</returns>
    public static Task<string?> WriteJsonAsync<T>(this IBlobStore store, BlobPath path, T value, WriteCondition condition = default, CancellationToken cancellationToken = default) =>
        store.WriteBytesAsync(path, JsonSerializer.SerializeToUtf8Bytes(value, CloudPipeJson.Options), condition, cancellationToken);

    /// <summary>Writes a value that stays once it is there, as JSON for people, unless what is there gives way to it. Any number of writers may race.</summary>
    /// <typeparam name="T">What the blob holds.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="path">The blob.</param>
    /// <param name="value">The value.</param>
    /// <param name="givesWay">Whether the value that is there is replaced.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What is stored: this value, or the one that was there and stays.</returns>
    public static async Task<T> WriteOnceAsync<T>(this IBlobStore store, BlobPath path, T value, Func<T, bool> givesWay, CancellationToken cancellationToken = default)
        where T : class
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, CloudPipeJson.Indented);
        WriteCondition condition = WriteCondition.IfAbsent;
        while (await store.WriteBytesAsync(path, json, condition, cancellationToken).ConfigureAwait(false) is null)
        {
            await using BlobContent? content = await store.OpenReadAsync(path, null, cancellationToken).ConfigureAwait(false);
            if (content is null)
            {
                condition = WriteCondition.IfAbsent;
                continue;
            }

            T? existing = await JsonSerializer.DeserializeAsync<T>(content.Stream, CloudPipeJson.Options, cancellationToken).ConfigureAwait(false);
            if (existing is not null && !givesWay(existing))
            {
                return existing;
            }

            condition = WriteCondition.IfMatch(content.Properties.ETag);
        }

        return value;
    }

    /// <summary>Lists every blob under a prefix, page after page.</summary>
    /// <param name="store">The store.</param>
    /// <param name="container">The container.</param>
    /// <param name="prefix">What every name must start with, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <returns>The blobs in ordinal order of their names.</returns>
    public static async IAsyncEnumerable<BlobProperties> ListAllAsync(this IBlobStore store, string container, string? prefix = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? continuationToken = null;
        do
        {
            BlobPage page = await store.ListAsync(container, prefix, continuationToken, LargestPage, cancellationToken).ConfigureAwait(false);
            foreach (BlobProperties blob in page.Blobs)
            {
                yield return blob;
            }

            continuationToken = page.ContinuationToken;
        }
        while (continuationToken is not null);
    }
}
