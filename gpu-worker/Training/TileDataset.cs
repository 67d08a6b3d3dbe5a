using System.Buffers.Binary;
using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Runs;
using Microsoft.Win32.SafeHandles;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// The tiles of many clips in one file: each clip's tiles as red, green and blue bytes, in order of time. Written once, then
/// read at random; the system's page cache keeps in memory what fits.
/// </summary>
public sealed class TileDataset : IDisposable
{
    private const int PrefixBytes = 16;
    private static readonly byte[] Magic = "CPTILES1"u8.ToArray();

    private readonly SafeFileHandle file;
    private readonly long dataStart;

    private TileDataset(SafeFileHandle file, long dataStart, TileDatasetHeader header)
    {
        this.file = file;
        this.dataStart = dataStart;
        Header = header;
        SampleBytes = header.SampleBytes;
        Frames = new SuperImageFrames(header.StoredTiles, header.Grid * header.Grid);
    }

    /// <summary>What the file says of itself.</summary>
    public TileDatasetHeader Header { get; }

    /// <summary>How many clips.</summary>
    public int Count => Header.Videos.Count;

    /// <summary>Bytes of one clip's grid² tiles.</summary>
    public int SampleBytes { get; }

    /// <summary>Which of a clip's stored tiles stand in its super-image.</summary>
    public SuperImageFrames Frames { get; }

    /// <summary>Each clip's labels, in the order of the file.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Labels => [.. Header.Videos.Select(video => video.Labels)];

    /// <summary>Writes a dataset; the file appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What it holds.</param>
    /// <param name="readTiles">Gives a clip's stored tiles by its index.</param>
    public static void Write(string path, TileDatasetHeader header, Func<int, ReadOnlyMemory<byte>> readTiles) => WriteAsync(path, header, put =>
    {
        for (int i = 0; i < header.Videos.Count; i++)
            put(i, readTiles(i));

        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <summary>Writes a dataset, its clips in any order; the file appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What it holds.</param>
    /// <param name="fill">Gets what takes a clip's stored tiles by its index, from any thread, and calls it once for each clip.</param>
    public static async Task WriteAsync(string path, TileDatasetHeader header, Func<Action<int, ReadOnlyMemory<byte>>, Task> fill)
    {
        // One name for all runs: what a killed run left is overwritten, not left lying. Another run's is locked.
        string temporary = $"{path}.partial";
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            try
            {
                await WriteAsync(file, header, fill).ConfigureAwait(false);
                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
    }

    /// <summary>Opens a dataset.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The dataset; dispose it.</returns>
    /// <exception cref="TrainingException">It is no such file, or cut off.</exception>
    public static TileDataset Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path);
            (TileDatasetHeader header, long dataStart) = ReadHeader(file, path);
            var dataset = new TileDataset(file, dataStart, header);
            file = null;
            return dataset;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TrainingException($"The tile cache '{path}' cannot be read: {exception.Message} Delete it, and it is built again.", exception);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>
    /// Reads a clip's grid² tiles, <c>[grid², tile, tile, 3]</c>: where more are stored, those that scoring shows as well; where
    /// the clip is an image, it fills all places.
    /// </summary>
    /// <param name="index">The clip, from 0.</param>
    /// <param name="tiles">Takes <see cref="SampleBytes"/> bytes.</param>
    /// <param name="framePlace">The place in its run of the frame that each tile shows; <see langword="null"/> for the middle.</param>
    public void Read(int index, Span<byte> tiles, int? framePlace = null)
    {
        tiles = tiles[..SampleBytes];
        int tileBytes = Header.TileBytes;
        int count = SampleBytes / tileBytes;
        if (Header.StoredTiles == count)
        {
            ReadStored(index, 0, tiles);
            return;
        }

        for (int tile = 0; tile < count; tile++)
            ReadStored(index, Frames.IndexOf(tile, framePlace ?? Frames.Middle), tiles.Slice(tile * tileBytes, tileBytes));
    }

    /// <summary>Reads consecutive ones of a clip's stored tiles.</summary>
    /// <param name="index">The clip, from 0.</param>
    /// <param name="firstTile">The first of them, from 0.</param>
    /// <param name="tiles">Takes as many whole tiles as it holds, <see cref="TileDatasetHeader.TileBytes"/> each.</param>
    public void ReadStored(int index, int firstTile, Span<byte> tiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(firstTile);
        long start = (long)firstTile * Header.TileBytes;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + tiles.Length, Header.StoredBytes, nameof(tiles));
        long offset = dataStart + ((long)index * Header.StoredBytes) + start;
        while (tiles.Length > 0)
        {
            int read = RandomAccess.Read(file, tiles, offset);
            if (read == 0)
                throw new TrainingException($"The tile cache ends within the clip '{Header.Videos[index].Name}'. Delete it, and it is built again.");

            tiles = tiles[read..];
            offset += read;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static async Task WriteAsync(SafeFileHandle file, TileDatasetHeader header, Func<Action<int, ReadOnlyMemory<byte>>, Task> fill)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header, CloudPipeJson.Options);
        byte[] prefix = new byte[PrefixBytes];
        Magic.CopyTo(prefix, 0);
        BinaryPrimitives.WriteInt64LittleEndian(prefix.AsSpan(Magic.Length), json.Length);
        RandomAccess.Write(file, prefix, 0);
        RandomAccess.Write(file, json, PrefixBytes);
        int written = 0;
        await fill((index, tiles) =>
        {
            if (tiles.Length != header.StoredBytes)
                throw new ArgumentException($"'{header.Videos[index].Name}' has {tiles.Length} bytes of tiles; {header.StoredBytes} belong to a clip.", nameof(fill));

            RandomAccess.Write(file, tiles.Span, PrefixBytes + json.Length + ((long)index * header.StoredBytes));
            Interlocked.Increment(ref written);
        }).ConfigureAwait(false);
        if (written != header.Videos.Count)
            throw new ArgumentException($"{written} clips were written; the header has {header.Videos.Count}.", nameof(fill));
    }

    private static (TileDatasetHeader Header, long DataStart) ReadHeader(SafeFileHandle file, string path)
    {
        byte[] prefix = new byte[PrefixBytes];
        long length = RandomAccess.GetLength(file);
        if (RandomAccess.Read(file, prefix, 0) != PrefixBytes || !prefix.AsSpan().StartsWith(Magic))
            throw new TrainingException($"'{path}' is no tile cache.");

        long headerLength = BinaryPrimitives.ReadInt64LittleEndian(prefix.AsSpan(Magic.Length));
        if (headerLength < 0 || headerLength > Math.Min(length - PrefixBytes, int.MaxValue))
            throw new TrainingException($"The tile cache '{path}' is cut off. Delete it, and it is built again.");

        byte[] json = new byte[headerLength];
        RandomAccess.Read(file, json, PrefixBytes);
        TileDatasetHeader header = JsonSerializer.Deserialize<TileDatasetHeader>(json, CloudPipeJson.Options)
            ?? throw new TrainingException($"The tile cache '{path}' has no header. Delete it, and it is built again.");
        long dataStart = PrefixBytes + headerLength;
        return length == dataStart + ((long)header.StoredBytes * header.Videos.Count)
            ? (header, dataStart)
            : throw new TrainingException($"The tile cache '{path}' is cut off. Delete it, and it is built again.");
    }
}
