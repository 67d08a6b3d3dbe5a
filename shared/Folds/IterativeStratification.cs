namespace CloudPipe.Folds;

/// <summary>
/// Splits multi-label samples into folds of equal size in which every label (order 1) and every pair of labels (order 2)
/// is spread evenly: Sechidis, Tsoumakas, Vlahavas, "On the Stratification of Multi-label Data", 2011, section 3, and for
/// pairs Szymański, Kajdanowicz, "A Network Perspective on Stratification of Multi-Label Data", 2017.
/// </summary>
/// <remarks>
/// Two additions. A fold that has its share of samples takes no more, so sizes differ by at most one. And the ties that the
/// papers break by chance are broken by the seed in <see cref="Restarts"/> different ways, of which the most even is kept.
/// The same labels, order and seed give the same folds on every machine.
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

        int[][] evidence = Evidence(labels, order);
        int[]? best = null;
        double bestDistance = double.PositiveInfinity;
        for (int restart = 0; restart < Restarts; restart++)
        {
            int[] folds = AssignOnce(evidence, foldCount, new SplitMix64((((ulong)(uint)seed) << 32) | (uint)restart));
            double distance = FoldBalance.LabelDistribution(evidence, folds, foldCount);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (folds, distance);
            }
        }

        return best!;
    }

    // What a sample counts for: its labels, and for order 2 its pairs of labels, under consecutive numbers.
    private static int[][] Evidence(IReadOnlyList<IReadOnlyList<int>> labels, int order)
    {
        var numbers = new Dictionary<(int First, int Second), int>();
        return [.. labels.Select((sample, index) =>
        {
            int[] distinct = [.. sample.Distinct().Order()];
            if (distinct.Length > 0 && distinct[0] < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), $"Sample {index} has the label {distinct[0]}; labels count from 0.");
            }

            IEnumerable<(int, int)> keys = distinct.Select(label => (label, label));
            if (order == 2)
            {
                keys = keys.Concat(distinct.SelectMany((first, i) => distinct.Skip(i + 1).Select(second => (first, second))));
            }

            return keys.Select(key => numbers.TryGetValue(key, out int number) ? number : numbers[key] = numbers.Count).ToArray();
        })];
    }

    private static int[] AssignOnce(int[][] evidence, int foldCount, SplitMix64 random)
    {
        int evidenceCount = evidence.Select(keys => keys.Length == 0 ? 0 : keys.Max() + 1).Max();
        var holders = new List<int>[evidenceCount];
        for (int key = 0; key < evidenceCount; key++)
        {
            holders[key] = [];
        }

        int[] shuffled = [.. Enumerable.Range(0, evidence.Length)];
        random.Shuffle(shuffled);
        foreach (int sample in shuffled)
        {
            foreach (int key in evidence[sample])
            {
                holders[key].Add(sample);
            }
        }

        int[] remaining = [.. holders.Select(samples => samples.Count)];
        double[][] desired = [.. holders.Select(samples => Enumerable.Repeat(samples.Count / (double)foldCount, foldCount).ToArray())];
        int[] capacity = Capacities(evidence.Length, foldCount, random);
        int[] folds = Enumerable.Repeat(-1, evidence.Length).ToArray();

        // The rarest evidence goes first: what is frequent can be evened out later.
        while (Rarest(remaining, random) is int rarest)
        {
            foreach (int sample in holders[rarest])
            {
                if (folds[sample] >= 0)
                {
                    continue;
                }

                int fold = Neediest(desired[rarest], capacity, random);
                folds[sample] = fold;
                capacity[fold]--;
                foreach (int key in evidence[sample])
                {
                    desired[key][fold]--;
                    remaining[key]--;
                }
            }
        }

        foreach (int sample in shuffled.Where(sample => folds[sample] < 0))
        {
            int fold = Neediest(null, capacity, random);
            folds[sample] = fold;
            capacity[fold]--;
        }

        return folds;
    }

    private static int[] Capacities(int sampleCount, int foldCount, SplitMix64 random)
    {
        int[] capacity = [.. Enumerable.Range(0, foldCount).Select(fold => (sampleCount / foldCount) + (fold < sampleCount % foldCount ? 1 : 0))];
        random.Shuffle(capacity);
        return capacity;
    }

    private static int? Rarest(int[] remaining, SplitMix64 random)
    {
        var best = new List<int>();
        for (int key = 0; key < remaining.Length; key++)
        {
            if (remaining[key] > 0 && (best.Count == 0 || remaining[key] <= remaining[best[0]]))
            {
                if (best.Count > 0 && remaining[key] < remaining[best[0]])
                {
                    best.Clear();
                }

                best.Add(key);
            }
        }

        return best.Count == 0 ? null : best[random.Next(best.Count)];
    }

    // The fold that wants the evidence most; among equals the one with most room; among those by chance.
    private static int Neediest(double[]? desired, int[] capacity, SplitMix64 random)
    {
        var best = new List<int>();
        for (int fold = 0; fold < capacity.Length; fold++)
        {
            if (capacity[fold] == 0)
            {
                continue;
            }

            int order = best.Count == 0 ? 1 : Compare(desired, capacity, fold, best[0]);
            if (order > 0)
            {
                best.Clear();
            }

            if (order >= 0)
            {
                best.Add(fold);
            }
        }

        return best[random.Next(best.Count)];
    }

    private static int Compare(double[]? desired, int[] capacity, int fold, int other)
    {
        // Shares are sums of ones taken from the same quotient: a difference below this is rounding.
        const double Rounding = 1e-9;
        double difference = desired is null ? 0 : desired[fold] - desired[other];
        return Math.Abs(difference) > Rounding ? Math.Sign(difference) : capacity[fold].CompareTo(capacity[other]);
    }
}
