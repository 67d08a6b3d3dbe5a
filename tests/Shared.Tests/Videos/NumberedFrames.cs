using FFMpegCore.Pipes;

namespace CloudPipe.Shared.Tests.Videos;

/// <summary>
/// Frames that carry their number as 4×4 black and white fields: the corners tell which way is up (white, black, black,
/// black), the twelve others hold the number's bits. Pushed into ffmpeg as raw video.
/// </summary>
internal sealed class NumberedFrames(int width, int height, int count, double framesPerSecond, int storedTurns = 0) : IPipeSource
{
    private const int Grid = 4;

    private static readonly (int Row, int Column)[] _bits =
        [.. from row in Enumerable.Range(0, Grid) from column in Enumerable.Range(0, Grid) where !IsCorner(row, column) select (row, column)];

    public string GetStreamArguments() => FormattableString.Invariant($"-f rawvideo -pix_fmt gray -s {width}x{height} -r {framesPerSecond:0.######}");

    public async Task WriteAsync(Stream outputStream, CancellationToken cancellationToken)
    {
        byte[] frame = new byte[width * height];
        for (int number = 0; number < count; number++)
        {
            Draw(frame, number);
            await outputStream.WriteAsync(frame, cancellationToken);
        }
    }

    /// <summary>Reads a frame's number from a decoded tile, RGB.</summary>
    public static int Read(ReadOnlySpan<byte> tile, int tileSize)
    {
        bool upright = IsWhite(tile, tileSize, 0, 0) && !IsWhite(tile, tileSize, 0, 3) && !IsWhite(tile, tileSize, 3, 0) && !IsWhite(tile, tileSize, 3, 3);
        Assert.True(upright, "the tile's corners are not where they belong");
        int number = 0;
        for (int bit = 0; bit < _bits.Length; bit++)
            number |= IsWhite(tile, tileSize, _bits[bit].Row, _bits[bit].Column) ? 1 << bit : 0;
        return number;
    }

    private static bool IsCorner(int row, int column) => row is 0 or Grid - 1 && column is 0 or Grid - 1;

    private static bool IsWhite(ReadOnlySpan<byte> tile, int tileSize, int row, int column)
    {
        int field = tileSize / Grid, sum = 0, pixels = 0;
        for (int y = (row * field) + (field / 3); y < (row * field) + (2 * field / 3); y++)
        {
            for (int x = (column * field) + (field / 3); x < (column * field) + (2 * field / 3); x++, pixels++)
                sum += tile[((y * tileSize) + x) * 3];
        }

        int mean = sum / pixels;
        Assert.True(mean is < 80 or > 170, $"the field at row {row}, column {column} is neither black nor white: {mean}");
        return mean > 128;
    }

    private static bool IsSet(int number, int row, int column) => IsCorner(row, column)
        ? row == 0 && column == 0
        : (number >> Array.IndexOf(_bits, (row, column)) & 1) == 1;

    private void Draw(byte[] frame, int number)
    {
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int row, int column) = (y * Grid / height, x * Grid / width);

                // Stored turned counter-clockwise, as a camera does that asks the player to turn the picture back.
                for (int turn = 0; turn < storedTurns; turn++)
                    (row, column) = (column, Grid - 1 - row);
                frame[(y * width) + x] = IsSet(number, row, column) ? (byte)235 : (byte)16;
            }
        }
    }
}
