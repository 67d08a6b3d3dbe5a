using System.Buffers;

namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>Moves a tile's pixels: each takes the nearest one's bytes, and what lies outside is black.</summary>
internal static class TileGeometry
{
    /// <summary>Turns a tile about its centre, counter-clockwise.</summary>
    public static void Rotate(Span<byte> tile, int size, double degrees)
    {
        (double sine, double cosine) = Math.SinCos(double.DegreesToRadians(degrees));
        Move(tile, size, (cosine, -sine, 0), (sine, cosine, 0));
    }

    /// <summary>Shifts each row by its distance from the top times a slope, and each column by its distance from the left times another.</summary>
    public static void Shear(Span<byte> tile, int size, double slopeX, double slopeY)
    {
        double half = size / 2.0;
        Move(tile, size, (1, slopeX, slopeX * half), (slopeY, 1, slopeY * half));
    }

    /// <summary>Shifts a tile to the right and down by whole pixels.</summary>
    public static void Translate(Span<byte> tile, int size, int right, int down) => Move(tile, size, (1, 0, -right), (0, 1, -down));

    /// <summary>Gives each pixel that of another place.</summary>
    /// <param name="tile">The tile, changed.</param>
    /// <param name="size">Its width and height in pixels.</param>
    /// <param name="fromX">The place whose pixel one at (x, y) gets is ofX · x + ofY · y + shift; both are of pixels' centres, in pixels from the tile's centre.</param>
    /// <param name="fromY">Likewise.</param>
    private static void Move(Span<byte> tile, int size, (double OfX, double OfY, double Shift) fromX, (double OfX, double OfY, double Shift) fromY)
    {
        byte[] source = ArrayPool<byte>.Shared.Rent(tile.Length);
        tile.CopyTo(source);
        double middle = (size - 1) / 2.0;
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                (double x, double y) = (column - middle, row - middle);

                // Half to even, as grid_sample rounds.
                double fromColumn = Math.Round((fromX.OfX * x) + (fromX.OfY * y) + fromX.Shift + middle);
                double fromRow = Math.Round((fromY.OfX * x) + (fromY.OfY * y) + fromY.Shift + middle);
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
