namespace CloudPipe.Folds;

/// <summary>
/// Splits multi-label samples into folds of equal size in which every label (order 1) and every pair of labels (order 2)
/// is spread evenly: Sechidis, Tsoumakas, Vlahavas, "On the Stratification of Multi-label Data", 2011, section 3, and for
/// pairs Szymański, Kajdanowicz, "A Network Perspective on Stratification of Multi-Label Data", 2017.
/// </summary>
/// <remarks>
/// Three additions. A fold that has its share of samples takes no more, so sizes differ by at most one. The ties that the
/// papers break by chance are broken by the seed in <see cref="Restarts"/> different ways, of which the most even is kept.
/// And where a label is still off by more than 2 % of its share, samples change places. The same labels, order and seed give
/// the same folds on every machine.
/// </remarks>
public static class IterativeStratification
{
    /// <summary>How many ways of breaking ties are tried.</summary>
    public const int Restarts = 8;

    /// <summary>Assigns every sample to a fold.</summary>
    /// <param name="labels">Per sample the indices of its labels, from 0.</param>
    /// <param name="foldCount">How many folds, 2 or more.</param>
    /// <param name="order">1 to spread labels, 2 to spread pairs of labels as well.</param>
    /// <param name="seed">Breaks ties.</param>
    /// <returns>Per sample its fold, from 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The order is neither 1 nor 2, a label is negative, or there are fewer than 2 folds or fewer samples than folds.</exception>
    public static int[] Assign(IReadOnlyList<IReadOnlyList<int>> labels, int foldCount, int order, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(foldCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(labels.Count, foldCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 2);

        var evidence = StratificationEvidence.Create(labels, order);
        int[]? best = null;
        double bestDistance = double.PositiveInfinity;
        for (int restart = 0; restart < Restarts; restart++)
        {
            var random = new SplitMix64((((ulong)(uint)seed) << 32) | (uint)restart);
            int[] folds = AssignOnce(evidence, foldCount, random);
            double distance = FoldBalance.LabelDistribution(evidence.CountByFold(folds, foldCount), evidence.SampleCount, FoldBalance.Sizes(folds, foldCount));
            if (distance < bestDistance)
            {
                (best, bestDistance) = (folds, distance);
            }
        }

        FoldRefinement.Apply(evidence, best!, foldCount);
        return best!;
    }

    private static int[] AssignOnce(StratificationEvidence evidence, int foldCount, SplitMix64 random)
    {
        int[] shuffled = [.. Enumerable.Range(0, evidence.SampleCount)];
        random.Shuffle(shuffled);
        int[][] holders = evidence.HoldersInOrder(shuffled);
        int[] remaining = [.. holders.Select(samples => samples.Length)];
        double[][] desired = [.. holders.Select(samples => Enumerable.Repeat(samples.Length / (double)foldCount, foldCount).ToArray())];
        int[] capacity = Capacities(evidence.SampleCount, foldCount, random);
        int[] folds = new int[evidence.SampleCount];
        Array.Fill(folds, -1);
        int[] ties = new int[Math.Max(remaining.Length, foldCount)];

        // The rarest evidence goes first: what is frequent can be evened out later.
        while (Rarest(remaining, ties, random) is int rarest)
        {
            foreach (int sample in holders[rarest])
            {
                if (folds[sample] >= 0)
                {
                    continue;
                }

                int fold = Neediest(desired[rarest], capacity, ties, random);
                folds[sample] = fold;
                capacity[fold]--;
                foreach (int key in evidence.Of(sample))
                {
                    desired[key][fold]--;
                    remaining[key]--;
                }
            }
        }

        foreach (int sample in shuffled)
        {
            if (folds[sample] < 0)
            {
                int fold = Neediest(null, capacity, ties, random);
                folds[sample] = fold;
                capacity[fold]--;
            }
        }

        return folds;
    }

    private static int[] Capacities(int sampleCount, int foldCount, SplitMix64 random)
    {
        int[] capacity = [.. Enumerable.Range(0, foldCount).Select(fold => (sampleCount / foldCount) + (fold < sampleCount % foldCount ? 1 : 0))];
        random.Shuffle(capacity);
        return capacity;
    }

    private static int? Rarest(int[] remaining, int[] ties, SplitMix64 random)
    {
        int count = 0;
        for (int key = 0; key < remaining.Length; key++)
        {
            if (remaining[key] > 0 && (count == 0 || remaining[key] <= remaining[ties[0]]))
            {
                if (count > 0 && remaining[key] < remaining[ties[0]])
                {
                    count = 0;
                }

                ties[count++] = key;
            }
        }

        return count == 0 ? null : ties[random.Next(count)];
    }

    // The fold that wants the evidence most; among equals the one with most room; among those by chance. Called once a
    // sample: the array of ties is the caller's, so that a million samples leave nothing to collect.
    private static int Neediest(double[]? desired, int[] capacity, int[] ties, SplitMix64 random)
    {
        int count = 0;
        for (int fold = 0; fold < capacity.Length; fold++)
        {
            if (capacity[fold] == 0)
            {
                continue;
            }

            int order = count == 0 ? 1 : Compare(desired, capacity, fold, ties[0]);
            if (order > 0)
            {
                count = 0;
            }

            if (order >= 0)
            {
                ties[count++] = fold;
            }
        }

        return ties[random.Next(count)];
    }

    private static int Compare(double[]? desired, int[] capacity, int fold, int other)
    {
        // Shares are sums of ones taken from the same quotient: a difference below this is rounding.
        const double Rounding = 1e-9;
        double difference = desired is null ? 0 : desired[fold] - desired[other];
        return Math.Abs(difference) > Rounding ? Math.Sign(difference) : capacity[fold].CompareTo(capacity[other]);
    }
}
