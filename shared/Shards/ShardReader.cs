using System.Formats.Tar;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudPipe.Messages;

namespace CloudPipe.Shards;

/// <summary>
/// Reads what <see cref="ShardWriter"/> wrote. A tar is trusted in nothing: names, kinds, sizes and order are checked,
/// nothing is ever written to disk, and no more than <see cref="LargestShard"/> bytes are held.
/// </summary>
public static partial class ShardReader
{
    /// <summary>The largest tile that is accepted, in bytes.</summary>
    public const int LargestTile = 16 * 1024 * 1024;

    /// <summary>The largest manifest that is accepted, in bytes.</summary>
    public const int LargestManifest = 1024 * 1024;

    /// <summary>The largest sum of all entries that is accepted, in bytes.</summary>
    public const long LargestShard = 512L * 1024 * 1024;

    /// <summary>Reads a shard into memory, its tiles still JPEG.</summary>
    /// <param name="stream">A tar; need not seek.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The segments in order of their index, each with at least one tile.</returns>
    /// <exception cref="ShardFormatException">It is no such tar.</exception>
    public static async Task<IReadOnlyList<ShardSegment>> ReadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var manifests = new SortedDictionary<int, SegmentManifest>();
        var tiles = new Dictionary<(int Segment, int Tile), byte[]>();
        long total = 0;
        try
        {
            await using var reader = new TarReader(stream, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                (int segment, int? tile) = ParseName(entry);
                byte[] content = await ReadContentAsync(entry, tile is null ? LargestManifest : LargestTile, cancellationToken).ConfigureAwait(false);
                total += content.Length;
                if (total > LargestShard)
                {
                    throw new ShardFormatException($"The shard holds more than {LargestShard} bytes.");
                }

                bool added = tile is { } index
                    ? tiles.TryAdd((segment, index), content)
                    : manifests.TryAdd(segment, ParseManifest(entry.Name, segment, content));
                if (!added)
                {
                    throw new ShardFormatException($"The shard holds '{entry.Name}' twice.");
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            // ArgumentException: the tar reader seeks behind an entry's stated size, wherever that leads.
            throw new ShardFormatException($"The shard is no readable tar: {exception.Message}", exception);
        }

        return Assemble(manifests, tiles);
    }

    private static List<ShardSegment> Assemble(SortedDictionary<int, SegmentManifest> manifests, Dictionary<(int Segment, int Tile), byte[]> tiles)
    {
        var segments = new List<ShardSegment>(manifests.Count);
        foreach ((int index, SegmentManifest manifest) in manifests)
        {
            var jpegs = new ReadOnlyMemory<byte>[manifest.Frames.Count];
            for (int tile = 0; tile < jpegs.Length; tile++)
            {
                jpegs[tile] = tiles.Remove((index, tile), out byte[]? jpeg)
                    ? jpeg
                    : throw new ShardFormatException($"The shard lacks tile {tile} of segment {index}.");
            }

            segments.Add(new ShardSegment(manifest, jpegs));
        }

        if (tiles.Count > 0)
        {
            (int segment, int tile) = tiles.Keys.First();
            throw new ShardFormatException($"The shard holds tile {tile} of segment {segment}, which no manifest lists.");
        }

        return segments.Count > 0 ? segments : throw new ShardFormatException("The shard holds no segment.");
    }

    private static (int Segment, int? Tile) ParseName(TarEntry entry)
    {
        Match match = EntryName().Match(entry.Name);
        if (!match.Success || entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
        {
            throw new ShardFormatException($"The shard holds '{entry.Name}' ({entry.EntryType}), which is neither a tile nor a manifest.");
        }

        int segment = int.Parse(match.Groups["segment"].ValueSpan, CultureInfo.InvariantCulture);
        Group tile = match.Groups["tile"];
        return (segment, tile.Success ? int.Parse(tile.ValueSpan, CultureInfo.InvariantCulture) : null);
    }

    private static async Task<byte[]> ReadContentAsync(TarEntry entry, int largest, CancellationToken cancellationToken)
    {
        if (entry.Length > largest || entry.Length == 0 || entry.DataStream is null)
        {
            throw new ShardFormatException($"'{entry.Name}' of the shard has {entry.Length} bytes; 1 to {largest} are expected.");
        }

        byte[] content = new byte[entry.Length];
        await entry.DataStream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        return content;
    }

    private static SegmentManifest ParseManifest(string name, int segment, byte[] content)
    {
        try
        {
            SegmentManifest? manifest = JsonSerializer.Deserialize<SegmentManifest>(content, CloudPipeJson.Options);
            return manifest is { Frames.Count: > 0 } && manifest.SegmentIndex == segment
                ? manifest
                : throw new ShardFormatException($"'{name}' of the shard is no manifest of segment {segment} with at least one frame.");
        }
        catch (JsonException exception)
        {
            throw new ShardFormatException($"'{name}' of the shard is no manifest: {exception.Message}", exception);
        }
    }

    [GeneratedRegex(@"\A(?<segment>[0-9]{6,9})\.(?:(?<tile>[0-9]{2,3})\.jpg|json)\z", RegexOptions.CultureInvariant)]
    private static partial Regex EntryName();
}
