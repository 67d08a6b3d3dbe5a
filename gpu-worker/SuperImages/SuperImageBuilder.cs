using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.SuperImages;

/// <summary>
/// Lays the tiles of a segment out as one image, row by row: the frame of instant <c>i</c> stands at row <c>i / grid</c>,
/// column <c>i % grid</c>. Pixels are normalised on the device, so that only bytes travel to it.
/// </summary>
public sealed class SuperImageBuilder
{
    private readonly int grid;
    private readonly int tileSize;
    private readonly float[] mean;
    private readonly float[] standardDeviation;

    /// <summary>Describes the super-images to build.</summary>
    /// <param name="grid">Tiles per side.</param>
    /// <param name="tileSize">Width and height in pixels of a tile of the super-image.</param>
    /// <param name="mean">Per channel (red, green, blue), subtracted from pixels of 0..1.</param>
    /// <param name="standardDeviation">Per channel, divides what is left.</param>
    public SuperImageBuilder(int grid, int tileSize, IReadOnlyList<double> mean, IReadOnlyList<double> standardDeviation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grid, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tileSize, 1);
        if (mean.Count != 3 || standardDeviation.Count != 3 || standardDeviation.Any(value => !(value > 0)))
            throw new ArgumentException("The mean and the standard deviation are three numbers each, and no standard deviation is zero or less.");

        this.grid = grid;
        this.tileSize = tileSize;
        this.mean = [.. mean.Select(value => (float)(255 * value))];
        this.standardDeviation = [.. standardDeviation.Select(value => (float)(255 * value))];
    }

    /// <summary>Width and height of a super-image in pixels.</summary>
    public int Size => grid * tileSize;

    /// <summary>Builds a batch of super-images.</summary>
    /// <param name="tiles">Red, green and blue bytes, <c>[N, grid², S, S, 3]</c>. Where S is not the tile size they are resampled by area.</param>
    /// <param name="device">Where to build; <see langword="null"/> is the CPU.</param>
    /// <returns><c>[N, 3, grid·tile, grid·tile]</c>, float32.</returns>
    /// <exception cref="ArgumentException">The tiles are of another shape or type.</exception>
    public Tensor Build(Tensor tiles, Device? device = null)
    {
        long[] shape = tiles.shape;
        if (tiles.dtype != ScalarType.Byte || shape.Length != 5 || shape[1] != grid * grid || shape[2] != shape[3] || shape[4] != 3)
            throw new ArgumentException($"Tiles are bytes of the shape [N, {grid * grid}, S, S, 3]; these are {tiles.dtype} [{string.Join(", ", shape)}].", nameof(tiles));

        using DisposeScope scope = NewDisposeScope();
        long side = shape[2];
        Tensor pixels = (device is null ? tiles : tiles.to(device))
            .reshape(shape[0], grid, grid, side, side, 3)
            .permute(0, 5, 1, 3, 2, 4) // [N, channel, grid row, tile row, grid column, tile column]
            .reshape(shape[0], 3, grid * side, grid * side)
            .to_type(ScalarType.Float32);
        if (side != tileSize)
            pixels = nn.functional.interpolate(pixels, size: [Size, Size], mode: InterpolationMode.Area);

        Tensor offset = tensor(mean).reshape(1, 3, 1, 1).to(pixels.device);
        Tensor scale = tensor(standardDeviation).reshape(1, 3, 1, 1).to(pixels.device);
        return pixels.sub_(offset).div_(scale).MoveToOuterDisposeScope();
    }

    /// <summary>Builds a batch of super-images from bytes, on the CPU or on a device.</summary>
    /// <param name="tiles">Red, green and blue bytes of whole segments: grid² tiles of <paramref name="storedTileSize"/>² pixels each, in order of time.</param>
    /// <param name="storedTileSize">Width and height of these tiles in pixels.</param>
    /// <param name="device">Where to build; <see langword="null"/> is the CPU.</param>
    /// <returns><c>[N, 3, grid·tile, grid·tile]</c>, float32.</returns>
    /// <exception cref="ArgumentException">The bytes are no whole number of segments.</exception>
    public Tensor Build(ReadOnlySpan<byte> tiles, int storedTileSize, Device? device = null)
    {
        int segmentBytes = grid * grid * storedTileSize * storedTileSize * 3;
        if (tiles.Length == 0 || tiles.Length % segmentBytes != 0)
            throw new ArgumentException($"A segment has {segmentBytes} bytes ({grid * grid} tiles of {storedTileSize}×{storedTileSize}); {tiles.Length} bytes are no whole number of them.", nameof(tiles));

        using DisposeScope scope = NewDisposeScope();
        Tensor stored = empty([tiles.Length / segmentBytes, grid * grid, storedTileSize, storedTileSize, 3], dtype: ScalarType.Byte);
        tiles.CopyTo(stored.bytes);
        return Build(stored, device).MoveToOuterDisposeScope();
    }
}
