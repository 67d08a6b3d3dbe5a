using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Doubles;

/// <summary>A real folder as a blob store, whose calls a test can count, or make fail.</summary>
internal sealed class ObservedBlobStore : IBlobStore, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;

    public ObservedBlobStore()
    {
        _store = new FolderBlobStore(_folder.FullPath);
        _store.CreateContainersAsync(BlobContainers.All).GetAwaiter().GetResult();
    }

    /// <summary>Called before every operation on a blob; what it throws the operation throws.</summary>
    public Action<string, BlobPath>? Before { get; set; }

    /// <summary>Whether its addresses are another machine's.</summary>
    public bool IsRemote { get; set; }

    public void Dispose() => _folder.Dispose();

    public Task CreateContainersAsync(IEnumerable<string> containers, CancellationToken cancellationToken = default) =>
        _store.CreateContainersAsync(containers, cancellationToken);

    public Task<BlobProperties?> FindAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("find", path);
        return _store.FindAsync(path, cancellationToken);
    }

    public Task<BlobContent?> OpenReadAsync(BlobPath path, BlobRange? range = null, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("read", path);
        return _store.OpenReadAsync(path, range, cancellationToken);
    }

    public Task<string?> WriteAsync(BlobPath path, Stream content, WriteCondition condition = default, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("write", path);
        return _store.WriteAsync(path, content, condition, cancellationToken);
    }

    public Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        Before?.Invoke("delete", path);
        return _store.DeleteAsync(path, cancellationToken);
    }

    public Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuationToken = null, int pageSize = 1000, CancellationToken cancellationToken = default) =>
        _store.ListAsync(container, prefix, continuationToken, pageSize, cancellationToken);

    public Task<Uri> GetReadUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
        IsRemote ? Task.FromResult(new Uri($"https://elsewhere.example/{path}")) : _store.GetReadUriAsync(path, lifetime, cancellationToken);

    public Task<Uri> GetWriteUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
        _store.GetWriteUriAsync(path, lifetime, cancellationToken);
}
