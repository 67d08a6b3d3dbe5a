using System.Buffers;
using CloudPipe.Inspections;

namespace CloudPipe.Shards;

/// <summary>
/// The decoded tiles of one segment. The pixels live in pooled memory: dispose it when they have been used, and not
/// read them afterwards.
/// </summary>
public sealed class SegmentTiles : IDisposable
{
    private byte[]? _buffer;

    internal SegmentTiles(SegmentManifest manifest, int tileSize)
    {
        Manifest = manifest;
        TileSize = tileSize;
        Length = checked(manifest.Frames.Count * tileSize * tileSize * 3);
        _buffer = ArrayPool<byte>.Shared.Rent(Length);
    }

    /// <summary>The segment and its frames' times.</summary>
    public SegmentManifest Manifest { get; }

    /// <summary>The segment's index in the inspection's plan, from 0.</summary>
    public int SegmentIndex => Manifest.SegmentIndex;

    /// <summary>How many tiles.</summary>
    public int TileCount => Manifest.Frames.Count;

    /// <summary>Width and height of a tile in pixels.</summary>
    public int TileSize { get; }

    /// <summary>How many bytes <see cref="Pixels"/> has.</summary>
    public int Length { get; }

    /// <summary>Red, green and blue of every pixel, 0..255, <c>[tiles, tileSize, tileSize, 3]</c>.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public ReadOnlyMemory<byte> Pixels => WritablePixels;

    /// <summary>Copies the tiles that stand in a super-image; see <see cref="SuperImageFrames"/>.</summary>
    /// <param name="tileCount">Tiles of a super-image: grid².</param>
    /// <param name="tiles">Takes their pixels, <c>[grid², tileSize, tileSize, 3]</c>.</param>
    /// <exception cref="ArgumentException">The segment's frames cannot be divided among so many tiles.</exception>
    public void CopySuperImage(int tileCount, Span<byte> tiles)
    {
        var frames = new SuperImageFrames(TileCount, tileCount);
        int tileBytes = Length / TileCount;
        for (int tile = 0; tile < tileCount; tile++)
        {
            Pixels.Span.Slice(frames.IndexOf(tile) * tileBytes, tileBytes).CopyTo(tiles[(tile * tileBytes)..]);
        }
    }

    internal Memory<byte> WritablePixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
