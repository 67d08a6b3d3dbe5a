using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CloudPipe.PipeSim;

/// <summary>A noise image of 256 × 256 texels that repeats in both directions, made once per process and shared by all videos.</summary>
public sealed class NoiseTexture
{
    public const int Size = 256;

    // Each entry holds a texel and its neighbours (right, below, below right) in its four bytes: one load a sample.
    private readonly uint[] _quads;

    private NoiseTexture(byte[] texels)
    {
        _quads = new uint[Size * Size];
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
            {
                int right = (x + 1) % Size, row = y * Size, below = (y + 1) % Size * Size;
                _quads[row + x] = texels[row + x] | (uint)texels[row + right] << 8 | (uint)texels[below + x] << 16 | (uint)texels[below + right] << 24;
            }
    }

    /// <summary>Clouds: value noise from 32 texels down to 4.</summary>
    public static NoiseTexture Clouds { get; } = ValueNoise(1, 32, 4);

    /// <summary>Sand: value noise from 8 texels down to 2.</summary>
    public static NoiseTexture Sand { get; } = ValueNoise(2, 8, 3);

    /// <summary>Pebbles: light in the middle of each cell, dark in the joints, every cell of its own brightness.</summary>
    public static NoiseTexture Pebbles { get; } = CellNoise(3, 16);

    /// <summary>Bilinear sample in [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Sample(float u, float v)
    {
        // Fixed point with eight bits of fraction; both rows are interpolated in one multiplication.
        int column = (int)MathF.Floor(u * 256), row = (int)MathF.Floor(v * 256);
        uint right = (uint)column & 255, below = (uint)row & 255;
        var quad = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_quads), (row & 0xFF00) | ((column >> 8) & 255));
        var rows = (quad & 0x00FF00FF) * (256 - right) + ((quad >> 8) & 0x00FF00FF) * right;
        return (int)((rows & 0xFFFF) * (256 - below) + (rows >> 16) * below) * (1f / (255 * 65536));
    }

    private static NoiseTexture ValueNoise(ulong seed, int cell, int octaves)
    {
        var sum = new float[Size * Size];
        var weight = 1f;
        for (var octave = 0; octave < octaves; octave++, cell /= 2, weight *= 0.55f)
        {
            var cells = Size / cell;
            for (var y = 0; y < Size; y++)
                for (var x = 0; x < Size; x++)
                {
                    int cx = x / cell, cy = y / cell, nx = (cx + 1) % cells, ny = (cy + 1) % cells;
                    var fx = PortableMath.SmoothStep(0, 1, (x % cell) / (float)cell);
                    var fy = PortableMath.SmoothStep(0, 1, (y % cell) / (float)cell);
                    var stream = HashRandom.Combine(seed, (ulong)octave);
                    var top = PortableMath.Mix(Lattice(stream, cx, cy), Lattice(stream, nx, cy), fx);
                    var bottom = PortableMath.Mix(Lattice(stream, cx, ny), Lattice(stream, nx, ny), fx);
                    sum[y * Size + x] += weight * PortableMath.Mix(top, bottom, fy);
                }
        }

        return Normalised(sum);
    }

    private static NoiseTexture CellNoise(ulong seed, int cell)
    {
        var cells = Size / cell;
        var values = new float[Size * Size];
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
            {
                float nearest = float.MaxValue, second = float.MaxValue, brightness = 0;
                for (var j = -1; j <= 1; j++)
                    for (var i = -1; i <= 1; i++)
                    {
                        int cx = x / cell + i, cy = y / cell + j;
                        int wx = (cx + cells) % cells, wy = (cy + cells) % cells;
                        var dx = (cx + Lattice(seed, wx, wy)) * cell - x;
                        var dy = (cy + Lattice(seed + 1, wx, wy)) * cell - y;
                        var distance = MathF.Sqrt(dx * dx + dy * dy) / cell;
                        if (distance < nearest)
                        {
                            second = nearest;
                            nearest = distance;
                            brightness = Lattice(seed + 2, wx, wy);
                        }
                        else if (distance < second)
                        {
                            second = distance;
                        }
                    }

                values[y * Size + x] = PortableMath.SmoothStep(0, 0.35f, second - nearest) * (0.45f + 0.55f * brightness);
            }

        return Normalised(values);
    }

    private static float Lattice(ulong seed, int x, int y) =>
        (HashRandom.Mix(HashRandom.Combine(seed, (ulong)(y * 4096 + x))) >> 40) * (1f / (1 << 24));

    private static NoiseTexture Normalised(float[] values)
    {
        float low = values.Min(), high = values.Max();
        return new([.. values.Select(value => (byte)((value - low) / (high - low) * 255f + 0.5f))]);
    }
}
