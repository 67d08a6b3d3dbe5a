namespace CloudPipe.GpuWorker.Training.Sampling;

/// <summary>
/// Draws clips with rare classes more often. A class of n clips has the effective number E(n) = (1 - βⁿ) / (1 - β) (Cui et al.,
/// Class-Balanced Loss Based on Effective Number of Samples, CVPR 2019, https://arxiv.org/abs/1901.05555, equation 2); a clip's
/// weight is 1 / E of its rarest class (the greatest of its classes', as in LVIS, https://arxiv.org/abs/1908.03195, section 4.2);
/// clips without a class count as one class. In an epoch of as many draws as there are clips, a clip is drawn
/// <c>draws = clips · weight / sum of weights</c> times on average, rounded up or down; the sum over a class's clips are
/// the effective draws of the class. β = 0 draws all alike; β near 1 draws in inverse proportion to n.
/// </summary>
internal sealed class ClassBalance
{
    private const int NoClass = -1;

    /// <param name="labels">Each clip's classes.</param>
    /// <param name="beta">0 and more, below 1.</param>
    public ClassBalance(IReadOnlyList<IReadOnlyList<int>> labels, double beta)
    {
        IReadOnlyList<int>[] classes = [.. labels.Select(own => own.Count == 0 ? [NoClass] : own)];
        Dictionary<int, int> clips = classes.SelectMany(own => own).CountBy(label => label).ToDictionary();
        double[] weights = [.. classes.Select(own => own.Max(label => (1 - beta) / (1 - Math.Pow(beta, clips[label]))))];
        double total = weights.Sum();
        Draws = [.. weights.Select(weight => labels.Count * weight / total)];
    }

    /// <summary>How often each clip is drawn in an epoch, on average.</summary>
    public IReadOnlyList<double> Draws { get; }

    /// <summary>The clips of an epoch: systematic sampling, one draw at each whole distance from a random start along all clips in a random order.</summary>
    /// <param name="random">The epoch's.</param>
    public int[] Sample(CounterRandom random)
    {
        int[] order = random.At(0).Permutation(Draws.Count);
        double start = random.At(1).Fraction;
        int[] drawn = new int[order.Length];
        int place = 0;
        double end = Draws[order[0]];
        for (int i = 0; i < drawn.Length; i++)
        {
            while (place < order.Length - 1 && end <= start + i)
                end += Draws[order[++place]];

            drawn[i] = order[place];
        }

        return drawn;
    }
}
