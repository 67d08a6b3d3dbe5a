using System.Formats.Tar;
using System.Text.Json;
using CloudPipe.Messages;

namespace CloudPipe.Shards;

/// <summary>
/// Writes segments as a WebDataset tar: <c>&lt;key&gt;.&lt;tile&gt;.jpg</c> and <c>&lt;key&gt;.json</c>, the key being the segment's
/// index in six digits or more. The same segments give the same bytes: entries carry no date and no owner.
/// </summary>
public static class ShardWriter
{
    /// <summary>Writes a shard.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="segments">In order of their index.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    public static async Task WriteAsync(Stream stream, IEnumerable<ShardSegment> segments, CancellationToken cancellationToken = default)
    {
        await using var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (ShardSegment segment in segments)
        {
            string key = $"{segment.Manifest.SegmentIndex:D6}";
            for (int tile = 0; tile < segment.Tiles.Count; tile++)
            {
                await WriteEntryAsync(writer, $"{key}.{tile:D2}.jpg", segment.Tiles[tile].ToArray(), cancellationToken).ConfigureAwait(false);
            }

            byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(segment.Manifest, CloudPipeJson.Options);
            await WriteEntryAsync(writer, $"{key}.json", manifest, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteEntryAsync(TarWriter writer, string name, byte[] content, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream(content, writable: false);
        var entry = new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = data,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            ModificationTime = DateTimeOffset.UnixEpoch,
        };
        await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
    }
}
