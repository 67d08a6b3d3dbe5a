using System.Runtime.InteropServices;

namespace CloudPipe.Folds;

/// <summary>
/// Evens out what the greedy assignment leaves uneven: the most frequent label comes last and takes whatever room the others
/// have left, so a label that stands alone (as 'normal' does) may miss its share by several per cent. While a label is off by
/// more than <see cref="Tolerance"/>, and by more than one sample, two samples of different folds change places, as long as
/// that makes the folds more even altogether. Folds keep their sizes, and even folds stay as they are.
/// </summary>
internal sealed class FoldRefinement
{
    /// <summary>By how much of its share a label may be off in a fold.</summary>
    public const double Tolerance = 0.02;

    // Kinds of samples that are looked at for one exchange: enough to find a good one, few enough where every sample is of a
    // kind of its own.
    private const int MostGiving = 64;
    private const int MostTaking = 4096;

    // A gain below it is rounding.
    private const double LeastGain = 1e-9;

    private readonly StratificationEvidence _evidence;
    private readonly int[] _folds;
    private readonly int[][] _counts;
    private readonly double[] _shares;

    // Samples of the same evidence are of one kind: [kind][fold], any of them is as good as another.
    private readonly List<int[]> _kinds = [];
    private readonly List<List<int>[]> _samples = [];

    private FoldRefinement(StratificationEvidence evidence, int[] folds, int foldCount)
    {
        _evidence = evidence;
        _folds = folds;
        _counts = evidence.CountByFold(folds, foldCount);
        _shares = [.. _counts.Select(counts => counts.Sum() / (double)foldCount)];
    }

    /// <summary>Evens folds out.</summary>
    /// <param name="evidence">What the samples count for.</param>
    /// <param name="folds">Per sample its fold; changed in place.</param>
    /// <param name="foldCount">How many folds.</param>
    public static void Apply(StratificationEvidence evidence, int[] folds, int foldCount)
    {
        var refinement = new FoldRefinement(evidence, folds, foldCount);
        if (refinement.MostUneven() is null)
            return;

        refinement.GroupByKind(foldCount);
        while (refinement.MostUneven() is var (label, from, to) && refinement.BestExchange(label, from, to) is var (giving, taking))
        {
            do
                refinement.Exchange(giving, taking, from, to);
            while (refinement.MostUneven() == (label, from, to)
                && refinement._samples[giving][from].Count > 0 && refinement._samples[taking][to].Count > 0
                && refinement.Gain(giving, taking, from, to) > LeastGain);
        }
    }

    // The label that is off by most of its share, the fold that has too much of it and the one that has too little.
    private (int Label, int From, int To)? MostUneven()
    {
        (int Label, int From, int To)? worst = null;
        double worstExcess = 0;
        for (int key = 0; key < _counts.Length; key++)
        {
            if (!_evidence.IsLabel(key))
                continue;

            double allowed = Math.Max(1, Tolerance * _shares[key]);
            double furthest = _counts[key].Max(count => Math.Abs(count - _shares[key]));
            double excess = (furthest - allowed) / _shares[key];
            if (furthest > allowed && excess > worstExcess)
            {
                worstExcess = excess;
                worst = (key, Array.IndexOf(_counts[key], _counts[key].Max()), Array.IndexOf(_counts[key], _counts[key].Min()));
            }
        }

        return worst;
    }

    private void GroupByKind(int foldCount)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int sample = 0; sample < _evidence.SampleCount; sample++)
        {
            string name = new(MemoryMarshal.Cast<int, char>(_evidence.Of(sample)));
            if (!numbers.TryGetValue(name, out int kind))
            {
                numbers[name] = kind = _kinds.Count;
                _kinds.Add([.. _evidence.Of(sample)]);
                _samples.Add([.. Enumerable.Range(0, foldCount).Select(_ => new List<int>())]);
            }

            _samples[kind][_folds[sample]].Add(sample);
        }
    }

    private (int Giving, int Taking)? BestExchange(int label, int from, int to)
    {
        int[] giving = [.. Enumerable.Range(0, _kinds.Count).Where(kind => _samples[kind][from].Count > 0 && _kinds[kind].Contains(label)).Take(MostGiving)];
        int[] taking = [.. Enumerable.Range(0, _kinds.Count).Where(kind => _samples[kind][to].Count > 0 && !_kinds[kind].Contains(label)).Take(MostTaking)];
        (int, int)? best = null;
        double bestGain = LeastGain;
        foreach (int give in giving)
        {
            foreach (int take in taking)
            {
                double gain = Gain(give, take, from, to);
                if (gain > bestGain)
                    (best, bestGain) = ((give, take), gain);
            }
        }

        return best;
    }

    // By how much the sum over evidence and folds of (count − share)² / share falls: the rarer, the more a sample counts.
    private double Gain(int giving, int taking, int from, int to)
    {
        double gain = 0;
        foreach (int key in _kinds[giving])
        {
            if (!_kinds[taking].Contains(key))
                gain += (_counts[key][from] - _counts[key][to] - 1) / _shares[key];
        }

        foreach (int key in _kinds[taking])
        {
            if (!_kinds[giving].Contains(key))
                gain += (_counts[key][to] - _counts[key][from] - 1) / _shares[key];
        }

        return 2 * gain;
    }

    private void Exchange(int giving, int taking, int from, int to)
    {
        Move(giving, from, to);
        Move(taking, to, from);
    }

    private void Move(int kind, int from, int to)
    {
        List<int> samples = _samples[kind][from];
        int sample = samples[^1];
        samples.RemoveAt(samples.Count - 1);
        _samples[kind][to].Add(sample);
        _folds[sample] = to;
        foreach (int key in _kinds[kind])
        {
            _counts[key][from]--;
            _counts[key][to]++;
        }
    }
}
