namespace CloudPipe.Folds;

/// <summary>
/// What samples count for in a stratification: their labels, and for order 2 their pairs of labels, under consecutive numbers
/// in order of first appearance. Two flat arrays: a million samples are two objects, not a million.
/// </summary>
internal sealed class StratificationEvidence
{
    private readonly int[] _starts;
    private readonly int[] _keys;
    private readonly bool[] _isLabel;

    private StratificationEvidence(int[] starts, int[] keys, bool[] isLabel)
    {
        _starts = starts;
        _keys = keys;
        _isLabel = isLabel;
    }

    /// <summary>How many samples.</summary>
    public int SampleCount => _starts.Length - 1;

    /// <summary>Numbers the evidence.</summary>
    /// <param name="labels">Per sample the indices of its labels, from 0; one that stands twice counts once.</param>
    /// <param name="order">1 for labels, 2 for pairs of labels as well.</param>
    /// <returns>The evidence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A label is negative.</exception>
    public static StratificationEvidence Create(IReadOnlyList<IReadOnlyList<int>> labels, int order)
    {
        var numbers = new Dictionary<(int First, int Second), int>();
        var keys = new List<int>(labels.Count);
        int[] starts = new int[labels.Count + 1];
        var distinct = new List<int>();
        for (int sample = 0; sample < labels.Count; sample++)
        {
            SortDistinct(labels[sample], distinct);
            if (distinct.Count > 0 && distinct[0] < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), $"Sample {sample} has the label {distinct[0]}; labels count from 0.");
            }

            foreach (int label in distinct)
            {
                keys.Add(Number(numbers, (label, label)));
            }

            for (int first = 0; order == 2 && first < distinct.Count; first++)
            {
                for (int second = first + 1; second < distinct.Count; second++)
                {
                    keys.Add(Number(numbers, (distinct[first], distinct[second])));
                }
            }

            starts[sample + 1] = keys.Count;
        }

        return new StratificationEvidence(starts, [.. keys], [.. numbers.OrderBy(pair => pair.Value).Select(pair => pair.Key.First == pair.Key.Second)]);
    }

    /// <summary>One sample's evidence.</summary>
    /// <param name="sample">The sample.</param>
    /// <returns>Its numbers, each once.</returns>
    public ReadOnlySpan<int> Of(int sample) => _keys.AsSpan(_starts[sample].._starts[sample + 1]);

    /// <summary>Whether a piece of evidence is a label, not a pair of two.</summary>
    /// <param name="key">Its number.</param>
    /// <returns>Whether it is.</returns>
    public bool IsLabel(int key) => _isLabel[key];

    /// <summary>Lists who holds each piece of evidence.</summary>
    /// <param name="order">All samples, in the order in which they are listed.</param>
    /// <returns>Per number its samples.</returns>
    public int[][] HoldersInOrder(int[] order)
    {
        int[] counts = new int[_isLabel.Length];
        foreach (int key in _keys)
        {
            counts[key]++;
        }

        int[][] holders = [.. counts.Select(count => new int[count])];
        Array.Clear(counts);
        foreach (int sample in order)
        {
            foreach (int key in Of(sample))
            {
                holders[key][counts[key]++] = sample;
            }
        }

        return holders;
    }

    /// <summary>Counts how often each piece of evidence is in each fold.</summary>
    /// <param name="folds">Per sample its fold.</param>
    /// <param name="foldCount">How many folds.</param>
    /// <returns>Per number one count per fold.</returns>
    public int[][] CountByFold(IReadOnlyList<int> folds, int foldCount)
    {
        int[][] counts = [.. _isLabel.Select(_ => new int[foldCount])];
        for (int sample = 0; sample < SampleCount; sample++)
        {
            foreach (int key in Of(sample))
            {
                counts[key][folds[sample]]++;
            }
        }

        return counts;
    }

    private static int Number(Dictionary<(int First, int Second), int> numbers, (int First, int Second) key)
    {
        if (!numbers.TryGetValue(key, out int number))
        {
            numbers[key] = number = numbers.Count;
        }

        return number;
    }

    private static void SortDistinct(IReadOnlyList<int> labels, List<int> distinct)
    {
        distinct.Clear();
        distinct.AddRange(labels);
        distinct.Sort();
        int kept = 0;
        for (int i = 0; i < distinct.Count; i++)
        {
            if (i == 0 || distinct[i] != distinct[i - 1])
            {
                distinct[kept++] = distinct[i];
            }
        }

        distinct.RemoveRange(kept, distinct.Count - kept);
    }
}
