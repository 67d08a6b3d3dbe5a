using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Tests.Scoring;

/// <summary>A store that answers only once its gate is open.</summary>
internal sealed class GatedBlobStore(IBlobStore store) : IBlobStore, IDisposable
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _open.TrySetResult();

    public void Dispose() => _open.TrySetCanceled();

    public async Task CreateContainersAsync(IEnumerable<string> containers, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        await store.CreateContainersAsync(containers, cancellationToken);
    }

    public async Task<BlobProperties?> FindAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return await store.FindAsync(path, cancellationToken);
    }

    public async Task<BlobContent?> OpenReadAsync(BlobPath path, BlobRange? range = null, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return await store.OpenReadAsync(path, range, cancellationToken);
    }

    public async Task<string?> WriteAsync(BlobPath path, Stream content, WriteCondition condition = default, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return await store.WriteAsync(path, content, condition, cancellationToken);
    }

    public async Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return await store.DeleteAsync(path, cancellationToken);
    }

    public async Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuationToken = null, int pageSize = 1000, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return await store.ListAsync(container, prefix, continuationToken, pageSize, cancellationToken);
    }

    public async Task<Uri> GetReadUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return await store.GetReadUriAsync(path, lifetime, cancellationToken);
    }

    public async Task<Uri> GetWriteUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        await _open.Task.WaitAsync(cancellationToken);
        return await store.GetWriteUriAsync(path, lifetime, cancellationToken);
    }
}
