namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Random numbers that are a function of where they are used (seed, epoch, sample), not of what was drawn before: a run that
/// resumes, or reads samples in another order, draws the same. SplitMix64's output function (Steele, Lea, Flood 2014).
/// </summary>
/// <param name="seed">The run's seed, mixed with whatever names the place.</param>
internal readonly struct CounterRandom(ulong seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>A generator for a place within this one.</summary>
    public CounterRandom At(long place) => new(Mix(seed + (GoldenGamma * ((ulong)place + 1))));

    /// <summary>A whole number of 64 random bits.</summary>
    public ulong Bits => Mix(seed);

    /// <summary>A number of 0 and more, below 1.</summary>
    public double Fraction => (Bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number of 0 and more, below a bound.</summary>
    public int Below(int bound) => (int)Math.BigMul(Bits, (ulong)bound, out _); // multiply-shift; its bias is bound / 2^64

    /// <summary>The numbers 0 to count - 1 in a random order (Fisher, Yates).</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = At(i).Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
