using CloudPipe.Storage.Folder;

namespace CloudPipe.Storage;

/// <summary>
/// Blobs as files: a container is a sub-folder of the root, a blob the file of its name in it. People may copy, move and
/// delete files there by hand. Several processes may write at once; a writer that dies leaves nothing visible.
/// </summary>
/// <remarks>
/// A file dropped by hand is visible from its first byte on: whoever waits for uploads waits until
/// <see cref="BlobProperties.ETag"/> stands still. Symbolic links below the root are not followed and not listed. Names
/// that no file system takes are kept encoded under <c>.cloudpipe/names</c> in their container.
/// </remarks>
public sealed class FolderBlobStore : IBlobStore
{
    private static readonly TimeSpan _abandonedAfter = TimeSpan.FromHours(1);

    private readonly string _root;
    private readonly TimeProvider _timeProvider;
    private readonly WriteLocks _locks = new();

    /// <summary>Opens a folder as a store; it need not exist yet.</summary>
    /// <param name="root">The folder that holds the containers.</param>
    /// <param name="timeProvider">Dates the blobs that are written; the system's clock by default.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux, whose file identities the ETags are made of.</exception>
    public FolderBlobStore(string root, TimeProvider? timeProvider = null)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("A folder as a store needs Linux; elsewhere use Azure Blob Storage or Azurite.");
        }

        _root = Path.GetFullPath(root);
        _timeProvider = timeProvider ?? TimeProvider.System;
        Uploads = new FolderUploads(Path.Combine(_root, BlobFileNames.Reserved, "upload.key"), _timeProvider);
    }

    /// <summary>The signed addresses under which this folder takes uploads over HTTP.</summary>
    public FolderUploads Uploads { get; }

    /// <inheritdoc/>
    public Task CreateContainersAsync(IEnumerable<string> containers, CancellationToken cancellationToken = default)
    {
        foreach (string container in containers)
        {
            BlobNames.CheckContainer(container);
            Directory.CreateDirectory(ContainerFolder(container));
            SweepTemporaryFiles(container);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<BlobProperties?> FindAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        BlobNames.Check(path);
        return Task.FromResult(Locate(path) is { } file ? Properties(path, file.Status) : null);
    }

    /// <inheritdoc/>
    public Task<BlobContent?> OpenReadAsync(BlobPath path, BlobRange? range = null, CancellationToken cancellationToken = default)
    {
        BlobNames.Check(path);
        BlobRange bytes = range ?? default;
        ArgumentOutOfRangeException.ThrowIfNegative(bytes.Offset, nameof(range));
        if (Locate(path) is not { } file)
        {
            return Task.FromResult<BlobContent?>(null);
        }

        FileStream stream;
        try
        {
            // Whoever replaces or deletes the file meanwhile leaves this reader the content it has opened.
            stream = new FileStream(file.FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<BlobContent?>(null);
        }

        try
        {
            var status = FileStatus.Of(stream.SafeFileHandle);
            long offset = Math.Min(bytes.Offset, status.Length);
            stream.Seek(offset, SeekOrigin.Begin);
            long length = Math.Min(bytes.Length ?? long.MaxValue, status.Length - offset);
            return Task.FromResult<BlobContent?>(new(Properties(path, status), new BoundedStream(stream, length)));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<string?> WriteAsync(BlobPath path, Stream content, WriteCondition condition = default, CancellationToken cancellationToken = default)
    {
        BlobNames.Check(path);
        if (!Holds(condition, Locate(path)?.Status))
        {
            return null;
        }

        string temporary = Path.Combine(TemporaryFolder(path.Container), Guid.NewGuid().ToString("N"));
        try
        {
            await WriteTemporaryAsync(temporary, content, cancellationToken).ConfigureAwait(false);
            using IDisposable held = await _locks.AcquireAsync(ReservedFolder(path.Container, "locks"), path.Name, cancellationToken).ConfigureAwait(false);
            return Publish(path, temporary, condition);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        BlobNames.Check(path);
        if (Locate(path) is null)
        {
            return false;
        }

        using IDisposable held = await _locks.AcquireAsync(ReservedFolder(path.Container, "locks"), path.Name, cancellationToken).ConfigureAwait(false);
        if (Locate(path) is not { } file)
        {
            return false;
        }

        File.Delete(file.FilePath);
        return true;
    }

    /// <inheritdoc/>
    public Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuationToken = null, int pageSize = 1000, CancellationToken cancellationToken = default)
    {
        BlobNames.CheckContainer(container);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, 5000);
        var listing = new FolderListing(ContainerFolder(container), ReservedFolder(container, "names"));
        var blobs = new List<BlobProperties>();
        foreach (string name in listing.Names(prefix ?? string.Empty, continuationToken ?? string.Empty))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (blobs.Count == pageSize)
            {
                return Task.FromResult(new BlobPage(blobs, blobs[^1].Path.Name));
            }

            var path = new BlobPath(container, name);
            if (Locate(path) is { } file)
            {
                blobs.Add(Properties(path, file.Status));
            }
        }

        return Task.FromResult(new BlobPage(blobs, null));
    }

    /// <inheritdoc/>
    public Task<Uri> GetReadUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        BlobNames.Check(path);
        string file = Locate(path)?.FilePath ?? Targets(path).First();
        return Task.FromResult(new Uri($"file://{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}"));
    }

    /// <inheritdoc/>
    public Task<Uri> GetWriteUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        BlobNames.Check(path);
        return Task.FromResult(Uploads.Sign(path, lifetime));
    }

    private static BlobProperties Properties(BlobPath path, FileStatus status) => new(path, status.Length, status.ETag, status.LastModified);

    private static bool Holds(WriteCondition condition, FileStatus? current) =>
        condition.MustBeAbsent ? current is null : condition.ETag is null || condition.ETag == current?.ETag;

    private static async Task WriteTemporaryAsync(string temporary, Stream content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
        await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        await content.CopyToAsync(file, 1 << 20, cancellationToken).ConfigureAwait(false);
        // Without this a power cut may leave the name with no content behind it.
        file.Flush(flushToDisk: true);
    }

    private string? Publish(BlobPath path, string temporary, WriteCondition condition)
    {
        BlobFile? current = Locate(path);
        if (!Holds(condition, current?.Status))
        {
            return null;
        }

        string etag = Stamp(temporary, current?.Status);
        string target = current?.FilePath ?? Targets(path).First(candidate => IsFree(path.Container, candidate));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        try
        {
            File.Move(temporary, target, overwrite: !condition.MustBeAbsent);
        }
        catch (IOException) when (condition.MustBeAbsent && File.Exists(target))
        {
            // Somebody dropped a file by hand, without asking for the lock.
            return null;
        }

        return etag;
    }

    /// <summary>Dates the new content so that its ETag is one that the blob has not had, even within one tick of the clock.</summary>
    private string Stamp(string temporary, FileStatus? current)
    {
        DateTime time = _timeProvider.GetUtcNow().UtcDateTime;
        if (current is { } replaced && replaced.ModifiedTicks >= time.Ticks)
        {
            time = new DateTime(replaced.ModifiedTicks + 1, DateTimeKind.Utc);
        }

        File.SetLastWriteTimeUtc(temporary, time);
        FileStatus stamped = FileStatus.Of(temporary) ?? throw Vanished(temporary);
        if (stamped.ModifiedTicks <= current?.ModifiedTicks)
        {
            // This file system keeps times in seconds only.
            File.SetLastWriteTimeUtc(temporary, time.AddSeconds(2));
            stamped = FileStatus.Of(temporary) ?? throw Vanished(temporary);
        }

        return stamped.ETag;
    }

    private static IOException Vanished(string temporary) => new($"'{temporary}' has vanished while it was being written: leave the folder '{BlobFileNames.Reserved}' to CloudPipe.");

    private BlobFile? Locate(BlobPath path)
    {
        if (BlobFileNames.IsRepresentable(path.Name)
            && Look(path.Container, Path.Combine(ContainerFolder(path.Container), path.Name)) is { } plain)
        {
            return plain;
        }

        return Look(path.Container, EncodedFile(path));
    }

    private BlobFile? Look(string container, string file) =>
        FileStatus.Of(file) is { IsRegularFile: true } status && FoldersAbove(container, file).All(folder => FileStatus.Of(folder) is { IsDirectory: true })
            ? new BlobFile(file, status)
            : null;

    /// <summary>Where a new blob may go, best place first. A plain path may be taken: 'a' and 'a/b' are both blob names.</summary>
    private IEnumerable<string> Targets(BlobPath path)
    {
        if (BlobFileNames.IsSafe(path.Name))
        {
            yield return Path.Combine(ContainerFolder(path.Container), path.Name);
        }

        yield return EncodedFile(path);
    }

    private bool IsFree(string container, string file) =>
        FileStatus.Of(file) is null && FoldersAbove(container, file).All(folder => FileStatus.Of(folder) is null or { IsDirectory: true });

    private IEnumerable<string> FoldersAbove(string container, string file)
    {
        string containerFolder = ContainerFolder(container);
        for (string folder = Path.GetDirectoryName(file)!; folder.Length >= containerFolder.Length; folder = Path.GetDirectoryName(folder)!)
        {
            yield return folder;
        }
    }

    private void SweepTemporaryFiles(string container)
    {
        string folder = TemporaryFolder(container);
        if (!Directory.Exists(folder))
        {
            return;
        }

        // A file being written has a young time, however long its upload takes.
        DateTime abandonedBefore = _timeProvider.GetUtcNow().UtcDateTime - _abandonedAfter;
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => File.GetLastWriteTimeUtc(file) < abandonedBefore))
        {
            File.Delete(file);
        }
    }

    private string ContainerFolder(string container) => Path.Combine(_root, container);

    private string ReservedFolder(string container, string name) => Path.Combine(_root, container, BlobFileNames.Reserved, name);

    private string TemporaryFolder(string container) => ReservedFolder(container, "temporary");

    private string EncodedFile(BlobPath path) => Path.Combine(ReservedFolder(path.Container, "names"), BlobFileNames.Encode(path.Name));

    private readonly record struct BlobFile(string FilePath, FileStatus Status);
}
