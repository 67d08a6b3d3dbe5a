namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>Changes a tile's levels of brightness, each channel by itself, to the bytes that torchvision gives.</summary>
internal static class TileLevels
{
    private const int Levels = 256;

    /// <summary>Keeps the highest bits of every byte.</summary>
    public static void Posterize(Span<byte> tile, int bits)
    {
        byte mask = (byte)(0xFF << (8 - bits));
        for (int i = 0; i < tile.Length; i++)
            tile[i] &= mask;
    }

    /// <summary>Inverts every byte at or above a threshold.</summary>
    public static void Solarize(Span<byte> tile, float threshold)
    {
        for (int i = 0; i < tile.Length; i++)
            tile[i] = tile[i] >= threshold ? (byte)(255 - tile[i]) : tile[i];
    }

    /// <summary>Spreads each channel's levels over all of 0 to 255.</summary>
    public static void AutoContrast(Span<byte> tile)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            int[] counts = Count(tile, channel);
            int lowest = Array.FindIndex(counts, count => count > 0);
            int highest = Array.FindLastIndex(counts, count => count > 0);
            if (lowest == highest)
                continue;

            float scale = 255f / (highest - lowest);
            Map(tile, channel, level => (byte)Math.Clamp((level - lowest) * scale, 0, 255));
        }
    }

    /// <summary>Spreads each channel's levels so that all are about as frequent.</summary>
    public static void Equalize(Span<byte> tile)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            int[] counts = Count(tile, channel);
            int step = ((tile.Length / 3) - counts.Last(count => count > 0)) / 255;
            if (step == 0)
                continue;

            int below = 0;
            byte[] levels = new byte[Levels];
            for (int level = 0; level < Levels; level++)
            {
                levels[level] = level == 0 ? (byte)0 : (byte)Math.Min((below + (step / 2)) / step, 255);
                below += counts[level];
            }

            Map(tile, channel, level => levels[level]);
        }
    }

    private static int[] Count(ReadOnlySpan<byte> tile, int channel)
    {
        int[] counts = new int[Levels];
        for (int i = channel; i < tile.Length; i += 3)
            counts[tile[i]]++;

        return counts;
    }

    private static void Map(Span<byte> tile, int channel, Func<byte, byte> map)
    {
        for (int i = channel; i < tile.Length; i += 3)
            tile[i] = map(tile[i]);
    }
}
