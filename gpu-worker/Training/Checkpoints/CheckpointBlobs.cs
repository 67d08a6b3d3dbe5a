using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>Checkpoints in a blob store, below <c>runs/&lt;run&gt;/</c>: another worker can go on from them.</summary>
/// <param name="store">The store.</param>
/// <param name="prefix">What every checkpoint's name begins with, ending with a slash.</param>
/// <param name="folder">Where a checkpoint lies as a file while it is written or read; made if absent.</param>
/// <param name="cancellationToken">Stops reading and writing.</param>
public sealed class CheckpointBlobs(IBlobStore store, BlobPath prefix, string folder, CancellationToken cancellationToken) : ICheckpointStore
{
    private const string Extension = ".safetensors";

    /// <inheritdoc />
    public IReadOnlyList<string> List() => [.. ListAsync().ToBlockingEnumerable(cancellationToken)];

    /// <inheritdoc />
    public void Write(string name, Action<string> writeFile) => WithFile(file =>
    {
        writeFile(file);
        using FileStream content = File.OpenRead(file);
        Wait(store.WriteAsync(PathOf(name), content, WriteCondition.None, cancellationToken));
        return true;
    });

    /// <inheritdoc />
    public T Read<T>(string name, Func<string, T> readFile) => WithFile(file =>
    {
        Wait(FetchAsync(name, file));
        return readFile(file);
    });

    /// <inheritdoc />
    public void Delete(string name) => Wait(store.DeleteAsync(PathOf(name), cancellationToken));

    // Training is a long computation on a thread of its own: waiting there blocks nobody.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private T WithFile<T>(Func<string, T> use)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{Guid.NewGuid():N}{Extension}");
        try
        {
            return use(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<bool> FetchAsync(string name, string file)
    {
        await using BlobContent content = await store.OpenReadAsync(PathOf(name), null, cancellationToken).ConfigureAwait(false)
            ?? throw new CheckpointException("it is gone");
        await using FileStream copy = File.Create(file);
        await content.Stream.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async IAsyncEnumerable<string> ListAsync()
    {
        await foreach (BlobProperties blob in store.ListAllAsync(prefix.Container, prefix.Name, cancellationToken).ConfigureAwait(false))
        {
            if (blob.Path.Name.EndsWith(Extension, StringComparison.Ordinal))
                yield return blob.Path.Name[prefix.Name.Length..^Extension.Length];
        }
    }

    private BlobPath PathOf(string name) => prefix with { Name = $"{prefix.Name}{name}{Extension}" };
}
