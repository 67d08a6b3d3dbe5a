using System.Buffers;

namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>
/// Changes a tile's colours, to the bytes that torchvision gives: in float32, in its order, cut off to a whole number where it
/// cuts off.
/// </summary>
internal static class TileColors
{
    /// <summary>Multiplies every pixel.</summary>
    public static void Brighten(Span<byte> tile, double factor) => BlendAll(tile, 0, factor);

    /// <summary>Multiplies the distance of every pixel from the tile's mean grey.</summary>
    public static void Contrast(Span<byte> tile, double factor)
    {
        long sum = 0;
        for (int i = 0; i < tile.Length; i += 3)
            sum += Grey(tile.Slice(i, 3));

        BlendAll(tile, (float)(sum / (tile.Length / 3.0)), factor);
    }

    /// <summary>Multiplies the distance of every pixel from its own grey.</summary>
    public static void Saturate(Span<byte> tile, double factor)
    {
        for (int i = 0; i < tile.Length; i += 3)
        {
            Span<byte> pixel = tile.Slice(i, 3);
            byte grey = Grey(pixel);
            for (int channel = 0; channel < 3; channel++)
                pixel[channel] = Blend(pixel[channel], grey, factor);
        }
    }

    /// <summary>Multiplies the distance of every pixel from a smoothed tile; pixels at the border are not smoothed.</summary>
    public static void Sharpen(Span<byte> tile, int size, double factor)
    {
        byte[] source = ArrayPool<byte>.Shared.Rent(tile.Length);
        tile.CopyTo(source);
        int rowBytes = size * 3;
        for (int i = 0; i < tile.Length; i++)
        {
            int row = i / rowBytes;
            int column = i % rowBytes / 3;
            bool inside = row > 0 && row < size - 1 && column > 0 && column < size - 1;
            tile[i] = Blend(source[i], inside ? Smooth(source, i, rowBytes) : source[i], factor);
        }

        ArrayPool<byte>.Shared.Return(source);
    }

    /// <summary>Turns the hue of every pixel by a part of the colour circle, -0.5 to 0.5.</summary>
    public static void TurnHue(Span<byte> tile, double turn)
    {
        // To hue and back, a pixel may lose 1.
        if (turn == 0)
            return;

        for (int i = 0; i < tile.Length; i += 3)
        {
            Span<byte> pixel = tile.Slice(i, 3);
            (float hue, float saturation, float value) = ToHsv(pixel[0] / 255f, pixel[1] / 255f, pixel[2] / 255f);
            hue += (float)turn;
            (float red, float green, float blue) = ToRgb(hue < 0 ? hue + 1 : hue >= 1 ? hue - 1 : hue, saturation, value);
            (pixel[0], pixel[1], pixel[2]) = ((byte)(red * 255), (byte)(green * 255), (byte)(blue * 255));
        }
    }

    private static byte Blend(byte pixel, float other, double factor) =>
        (byte)Math.Clamp(((float)factor * pixel) + ((float)(1 - factor) * other), 0, 255);

    private static void BlendAll(Span<byte> tile, float other, double factor)
    {
        Span<byte> blended = stackalloc byte[256];
        for (int level = 0; level < blended.Length; level++)
            blended[level] = Blend((byte)level, other, factor);

        for (int i = 0; i < tile.Length; i++)
            tile[i] = blended[tile[i]];
    }

    private static byte Grey(ReadOnlySpan<byte> pixel) => (byte)((0.2989f * pixel[0]) + (0.587f * pixel[1]) + (0.114f * pixel[2]));

    // The pixel counts five times as much as each of its eight neighbours.
    private static byte Smooth(byte[] source, int i, int rowBytes)
    {
        int sum = 4 * source[i];
        for (int row = i - rowBytes; row <= i + rowBytes; row += rowBytes)
            sum += source[row - 3] + source[row] + source[row + 3];

        return (byte)Math.Round(sum / 13.0);
    }

    private static (float Hue, float Saturation, float Value) ToHsv(float red, float green, float blue)
    {
        float highest = Math.Max(red, Math.Max(green, blue));
        float range = highest - Math.Min(red, Math.Min(green, blue));
        if (range == 0)
            return (0, 0, highest);

        float fromRed = (highest - red) / range;
        float fromGreen = (highest - green) / range;
        float fromBlue = (highest - blue) / range;
        float sixths = highest == red ? fromBlue - fromGreen : highest == green ? 2 + fromRed - fromBlue : 4 + fromGreen - fromRed;
        float hue = (sixths / 6) + 1;
        return (hue >= 1 ? hue - 1 : hue, range / highest, highest);
    }

    private static (float Red, float Green, float Blue) ToRgb(float hue, float saturation, float value)
    {
        float sector = MathF.Floor(hue * 6);
        float within = (hue * 6) - sector;
        float low = Math.Clamp(value * (1 - saturation), 0, 1);
        float falling = Math.Clamp(value * (1 - (saturation * within)), 0, 1);
        float rising = Math.Clamp(value * (1 - (saturation * (1 - within))), 0, 1);
        return ((int)sector % 6) switch
        {
            0 => (value, rising, low),
            1 => (falling, value, low),
            2 => (low, value, rising),
            3 => (low, falling, value),
            4 => (rising, low, value),
            _ => (value, low, falling),
        };
    }
}
