namespace CloudPipe.GpuWorker.SuperImages;

/// <summary>Copies tiles to other places, mirrored or turned upside down.</summary>
internal static class TileArrangement
{
    /// <summary>Copies tiles.</summary>
    /// <param name="source">Red, green and blue bytes, <c>[tiles, tileSize, tileSize, 3]</c>.</param>
    /// <param name="destination">Takes as many tiles; not the same memory.</param>
    /// <param name="tileSize">Width and height of a tile in pixels.</param>
    /// <param name="order">The tile that stands at each place; <see langword="null"/> for the order of the source.</param>
    /// <param name="mirrors">Whether each tile is mirrored left to right.</param>
    /// <param name="turns">Whether each tile is turned upside down.</param>
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> destination, int tileSize, IReadOnlyList<int>? order, bool mirrors, bool turns = false)
    {
        int rowBytes = tileSize * 3;
        int tileBytes = tileSize * rowBytes;
        for (int place = 0; place < destination.Length / tileBytes; place++)
        {
            ReadOnlySpan<byte> tile = source.Slice((order?[place] ?? place) * tileBytes, tileBytes);
            Span<byte> target = destination.Slice(place * tileBytes, tileBytes);
            if (!mirrors && !turns)
            {
                tile.CopyTo(target);
                continue;
            }

            for (int start = 0; start < tileBytes; start += rowBytes)
            {
                ReadOnlySpan<byte> row = tile.Slice(turns ? tileBytes - rowBytes - start : start, rowBytes);
                if (mirrors)
                    PixelRow.Mirror(row, target.Slice(start, rowBytes));
                else
                    row.CopyTo(target.Slice(start, rowBytes));
            }
        }
    }
}
