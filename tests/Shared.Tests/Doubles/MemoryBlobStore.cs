using System.Collections.Concurrent;
using CloudPipe.Storage;

namespace CloudPipe.Shared.Tests.Doubles;

/// <summary>A blob store in memory whose calls a test can count, or make fail.</summary>
internal sealed class MemoryBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<BlobPath, (byte[] Content, string ETag)> _blobs = new();
    private readonly Lock _writing = new();
    private int _version;

    /// <summary>Called before every operation; what it throws the operation throws.</summary>
    public Action<string, BlobPath>? Before { get; set; }

    public IEnumerable<BlobPath> Paths => _blobs.Keys;

    public Task CreateContainersAsync(IEnumerable<string> containers, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<BlobProperties?> FindAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("find", path);
        return Task.FromResult(_blobs.TryGetValue(path, out (byte[], string) blob) ? Properties(path, blob) : null);
    }

    public Task<BlobContent?> OpenReadAsync(BlobPath path, BlobRange? range = null, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("read", path);
        return Task.FromResult(_blobs.TryGetValue(path, out (byte[] Content, string) blob)
            ? new BlobContent(Properties(path, blob), new MemoryStream(blob.Content))
            : null);
    }

    public async Task<string?> WriteAsync(BlobPath path, Stream content, WriteCondition condition = default, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("write", path);
        using var buffer = new MemoryStream();
        await content.CopyToAsync(buffer, cancellationToken);
        lock (_writing)
        {
            string? current = _blobs.TryGetValue(path, out (byte[], string ETag) blob) ? blob.ETag : null;
            if ((condition.MustBeAbsent && current is not null) || (condition.ETag is not null && condition.ETag != current))
                return null;

            string etag = $"\"{++_version}\"";
            _blobs[path] = (buffer.ToArray(), etag);
            return etag;
        }
    }

    public Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("delete", path);
        return Task.FromResult(_blobs.TryRemove(path, out _));
    }

    public Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuationToken = null, int pageSize = 1000, CancellationToken cancellationToken = default) =>
        Task.FromResult(new BlobPage(
            [.. _blobs.Where(pair => pair.Key.Container == container && pair.Key.Name.StartsWith(prefix ?? "", StringComparison.Ordinal))
                .OrderBy(pair => pair.Key.Name, StringComparer.Ordinal).Select(pair => Properties(pair.Key, pair.Value))], null));

    public Task<Uri> GetReadUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private static BlobProperties Properties(BlobPath path, (byte[] Content, string ETag) blob) =>
        new(path, blob.Content.Length, blob.ETag, DateTimeOffset.UnixEpoch);
}
