using System.Globalization;
using CloudPipe.Storage;

namespace CloudPipe.Datasets;

/// <summary>Shows the videos of any folder to the cutter, as blobs of that name. Read-only.</summary>
internal sealed class VideoFolderStore(string folder) : IBlobStore
{
    private readonly string _root = Path.GetFullPath(folder);

    public Task CreateContainersAsync(IEnumerable<string> containers, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<BlobProperties?> FindAsync(BlobPath path, CancellationToken cancellationToken = default) => Task.FromResult(Find(path));

    public Task<BlobContent?> OpenReadAsync(BlobPath path, BlobRange? range = null, CancellationToken cancellationToken = default)
    {
        if (Find(path) is not BlobProperties properties)
            return Task.FromResult<BlobContent?>(null);

        long offset = Math.Min(range?.Offset ?? 0, properties.Length);
        long length = Math.Min(range?.Length ?? long.MaxValue, properties.Length - offset);
        byte[] bytes = new byte[length];
        using FileStream file = File.OpenRead(FileOf(path));
        file.Position = offset;
        file.ReadExactly(bytes);
        return Task.FromResult<BlobContent?>(new BlobContent(properties, new MemoryStream(bytes, writable: false)));
    }

    public Task<string?> WriteAsync(BlobPath path, Stream content, WriteCondition condition = default, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuationToken = null, int pageSize = 1000, CancellationToken cancellationToken = default) =>
        Task.FromResult(new BlobPage([.. Directory.EnumerateFiles(_root).Order(StringComparer.Ordinal).Select(file => Find(new BlobPath(container, Path.GetFileName(file)))!)], null));

    public Task<Uri> GetReadUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Uri($"file://{string.Join('/', FileOf(path).Split('/').Select(Uri.EscapeDataString))}"));

    public Task<Uri> GetWriteUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default) => throw ReadOnly();

    private static NotSupportedException ReadOnly() => new("A folder of training videos is only read.");

    private BlobProperties? Find(BlobPath path)
    {
        var file = new FileInfo(FileOf(path));
        string etag = file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}") : string.Empty;
        return file.Exists ? new BlobProperties(path, file.Length, etag, file.LastWriteTimeUtc) : null;
    }

    private string FileOf(BlobPath path)
    {
        // A label file's names are not to be trusted with other folders.
        string file = Path.GetFullPath(Path.Combine(_root, path.Name));
        return file.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? file
            : throw new InvalidDataException($"The label file names '{path.Name}', which lies outside of the folder '{_root}'.");
    }
}
