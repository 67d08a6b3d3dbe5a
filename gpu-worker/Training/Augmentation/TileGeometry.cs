using System.Buffers;

namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>Moves a tile's pixels: each takes the nearest one's bytes, and what lies outside is black.</summary>
internal static class TileGeometry
{
    /// <summary>Turns a tile about its centre, counter-clockwise.</summary>
    public static void Rotate(Span<byte> tile, int size, double degrees)
    {
        (double sine, double cosine) = Math.SinCos(double.DegreesToRadians(degrees));
        Move(tile, size, (x, y) => ((cosine * x) - (sine * y), (sine * x) + (cosine * y)));
    }

    /// <summary>Shifts each row by its distance from the top times a slope, and each column by its distance from the left times another.</summary>
    public static void Shear(Span<byte> tile, int size, double slopeX, double slopeY)
    {
        double half = size / 2.0;
        Move(tile, size, (x, y) => (x + (slopeX * (y + half)), y + (slopeY * (x + half))));
    }

    /// <summary>Shifts a tile to the right and down by whole pixels.</summary>
    public static void Translate(Span<byte> tile, int size, int right, int down) => Move(tile, size, (x, y) => (x - right, y - down));

    /// <summary>Gives each pixel that of another place.</summary>
    /// <param name="tile">The tile, changed.</param>
    /// <param name="size">Its width and height in pixels.</param>
    /// <param name="from">The place whose pixel one gets; both are of pixels' centres, in pixels from the tile's centre.</param>
    private static void Move(Span<byte> tile, int size, Func<double, double, (double X, double Y)> from)
    {
        byte[] source = ArrayPool<byte>.Shared.Rent(tile.Length);
        tile.CopyTo(source);
        double middle = (size - 1) / 2.0;
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                (double x, double y) = from(column - middle, row - middle);

                // Half to even, as grid_sample rounds.
                double fromColumn = Math.Round(x + middle);
                double fromRow = Math.Round(y + middle);
                Span<byte> pixel = tile.Slice(((row * size) + column) * 3, 3);
                if (fromColumn >= 0 && fromColumn < size && fromRow >= 0 && fromRow < size)
                    source.AsSpan((((int)fromRow * size) + (int)fromColumn) * 3, 3).CopyTo(pixel);
                else
                    pixel.Clear();
            }
        }

        ArrayPool<byte>.Shared.Return(source);
    }
}
