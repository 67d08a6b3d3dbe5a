using System.Threading.Channels;

namespace CloudPipe.Local.Triggers;

/// <summary>Hears which files come into a folder. Only a hint that saves waiting: what it misses, the next listing finds.</summary>
internal sealed class FolderWatch : IDisposable
{
    // Stands for what nobody can name: a whole folder that came, or more news than the system keeps.
    private const string Unknown = "";

    private readonly FileSystemWatcher _watcher;
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();

    /// <summary>Starts watching.</summary>
    /// <param name="folder">The folder, which must be there; what is below its sub-folders counts too.</param>
    public FolderWatch(string folder)
    {
        _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
        _watcher.Created += (_, change) => Note(change);
        _watcher.Renamed += (_, change) => Note(change);
        _watcher.Error += (_, _) => _news.Writer.TryWrite(Unknown);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Waits until a file has come.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when there is something to take.</returns>
    public Task WaitAsync(CancellationToken cancellationToken) => _news.Reader.WaitToReadAsync(cancellationToken).AsTask();

    /// <summary>Tells what has come since the last call.</summary>
    /// <returns>The files' paths in the folder; <see langword="null"/> when they are not all known.</returns>
    public IReadOnlySet<string>? Take()
    {
        var names = new HashSet<string>();
        while (_news.Reader.TryRead(out string? name))
        {
            names.Add(name);
        }

        return names.Contains(Unknown) ? null : names;
    }

    /// <inheritdoc/>
    public void Dispose() => _watcher.Dispose();

    private void Note(FileSystemEventArgs change) =>
        _news.Writer.TryWrite(change.Name is null || Directory.Exists(change.FullPath) ? Unknown : change.Name);
}
