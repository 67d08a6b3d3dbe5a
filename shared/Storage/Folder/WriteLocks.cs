namespace CloudPipe.Storage.Folder;

/// <summary>
/// One writer at a time per blob, across threads and processes: an exclusive <c>flock(2)</c> on one of a few lock files,
/// which the kernel releases when its process dies.
/// </summary>
internal sealed class WriteLocks
{
    private const int Stripes = 64;
    private static readonly TimeSpan _retryInterval = TimeSpan.FromMilliseconds(2);

    // Threads of this process queue here, so that only one of them polls for the file.
    private readonly SemaphoreSlim[] _threads = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the lock of a name.</summary>
    /// <param name="folder">Where the lock files are.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Disposing it releases the lock.</returns>
    public async Task<IDisposable> AcquireAsync(string folder, string name, CancellationToken cancellationToken)
    {
        int stripe = Stripe(name);
        SemaphoreSlim thread = _threads[stripe];
        await thread.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Directory.CreateDirectory(folder);
            string file = Path.Combine(folder, $"{stripe:00}");
            while (true)
            {
                try
                {
                    return new Held(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0), thread);
                }
                catch (IOException) when (File.Exists(file))
                {
                    await Task.Delay(_retryInterval, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch
        {
            thread.Release();
            throw;
        }
    }

    // FNV-1a: string.GetHashCode differs from process to process.
    private static int Stripe(string name)
    {
        uint hash = 2166136261;
        foreach (char character in name)
        {
            hash = (hash ^ character) * 16777619;
        }

        return (int)(hash % Stripes);
    }

    private sealed class Held(FileStream file, SemaphoreSlim thread) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            thread.Release();
        }
    }
}
