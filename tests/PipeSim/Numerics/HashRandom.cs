namespace CloudPipe.PipeSim;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014): random numbers that are the same on every platform and runtime version,
/// which <see cref="Random"/> does not promise.
/// </summary>
public struct HashRandom(ulong seed)
{
    private ulong _state = seed;

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A seed that depends on both, for independent streams of one video.</summary>
    public static ulong Combine(ulong seed, ulong stream) => Mix(seed + 0x9E3779B97F4A7C15 * (stream + 1));

    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public float NextSingle() => (NextBits() >> 40) * (1f / (1 << 24));

    public float Between(float low, float high) => low + (high - low) * NextSingle();

    /// <summary>Uniform in 0..count-1.</summary>
    public int NextInteger(int count) => (int)(((NextBits() >> 32) * (ulong)count) >> 32);

    public bool Chance(float probability) => NextSingle() < probability;

    public T Pick<T>(ReadOnlySpan<T> choices) => choices[NextInteger(choices.Length)];
}
