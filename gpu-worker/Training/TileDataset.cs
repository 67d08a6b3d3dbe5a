using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using CloudPipe.Labels;
using CloudPipe.Messages;
using Microsoft.Win32.SafeHandles;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// The tiles of many clips in one file: each clip's grid² tiles as red, green and blue bytes, in order of time. Written once,
/// then read at random; the system's page cache keeps in memory what fits.
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
    }

    /// <summary>What the file says of itself.</summary>
    public TileDatasetHeader Header { get; }

    /// <summary>How many clips.</summary>
    public int Count => Header.Videos.Count;

    /// <summary>Bytes of one clip's tiles.</summary>
    public int SampleBytes { get; }

    /// <summary>Each clip's labels, in the order of the file.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Labels => [.. Header.Videos.Select(video => video.Labels)];

    /// <summary>Writes a dataset; the file appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What it holds.</param>
    /// <param name="readTiles">Gives a clip's tiles by its index.</param>
    public static void Write(string path, TileDatasetHeader header, Func<int, ReadOnlyMemory<byte>> readTiles)
    {
        string temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(header, CloudPipeJson.Options);
                byte[] prefix = new byte[PrefixBytes];
                Magic.CopyTo(prefix, 0);
                BinaryPrimitives.WriteInt64LittleEndian(prefix.AsSpan(Magic.Length), json.Length);
                stream.Write(prefix);
                stream.Write(json);
                for (int i = 0; i < header.Videos.Count; i++)
                {
                    ReadOnlyMemory<byte> tiles = readTiles(i);
                    if (tiles.Length != header.SampleBytes)
                        throw new ArgumentException($"'{header.Videos[i].Name}' has {tiles.Length} bytes of tiles; {header.SampleBytes} belong to a clip.", nameof(readTiles));

                    stream.Write(tiles.Span);
                }
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
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

    /// <summary>Reads a clip's tiles, <c>[grid², tile, tile, 3]</c>.</summary>
    /// <param name="index">The clip, from 0.</param>
    /// <param name="tiles">Takes <see cref="SampleBytes"/> bytes.</param>
    public void Read(int index, Span<byte> tiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        tiles = tiles[..SampleBytes];
        long offset = dataStart + ((long)index * SampleBytes);
        while (tiles.Length > 0)
        {
            int read = RandomAccess.Read(file, tiles, offset);
            if (read == 0)
                throw new TrainingException($"The tile cache ends within the clip '{Header.Videos[index].Name}'. Delete it, and it is built again.");

            tiles = tiles[read..];
            offset += read;
        }
    }

    /// <summary>Names the content: the same clips, labels and tiles give the same text on every machine.</summary>
    /// <returns>A SHA-256, in hexadecimal.</returns>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(QvPipeLabels.Write(Header.Videos));
        byte[] tiles = new byte[SampleBytes];
        for (int i = 0; i < Count; i++)
        {
            Read(i, tiles);
            hash.AppendData(tiles);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

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
        return length == dataStart + ((long)header.SampleBytes * header.Videos.Count)
            ? (header, dataStart)
            : throw new TrainingException($"The tile cache '{path}' is cut off. Delete it, and it is built again.");
    }
}
