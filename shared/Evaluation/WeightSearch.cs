namespace CloudPipe.Evaluation;

/// <summary>
/// Searches the weights of an ensemble's models for the highest mean average precision: from several fixed starts, weight is
/// moved from one model to another for as long as that helps, in steps that become finer. Nothing is random, and of equals the
/// one nearer to equal weights wins.
/// </summary>
internal static class WeightSearch
{
    // Equal weights are this many units a model, so that they, and every step, are whole numbers.
    private const int UnitsPerModel = 80;

    // In units a model: a fifth of the whole, a tenth, … an eightieth.
    private static readonly int[] _steps = [16, 8, 4, 2, 1];

    /// <summary>Searches.</summary>
    /// <param name="objective">What to raise.</param>
    /// <param name="scores">Each model's own mAP: the second start weighs by it, the third is the best model alone.</param>
    /// <returns>One weight per model, multiples of an eightieth, which sum to 1.</returns>
    public static double[] Search(WeightObjective objective, IReadOnlyList<double> scores)
    {
        int models = scores.Count;
        Candidate best = Climb(objective, [.. Enumerable.Repeat(UnitsPerModel, models)]);
        foreach (int[] start in new[] { InProportion(scores), Alone(scores) })
        {
            Candidate found = Climb(objective, start);
            if (found.IsBetterThan(best))
                best = found;
        }

        return [.. best.Units.Select(units => units / (double)(UnitsPerModel * models))];
    }

    private static Candidate Climb(WeightObjective objective, int[] start)
    {
        Candidate best = Candidate.Evaluate(objective, start);
        foreach (int step in _steps)
        {
            bool improved = true;
            while (improved)
            {
                improved = false;
                for (int from = 0; from < start.Length; from++)
                {
                    for (int to = 0; to < start.Length; to++)
                    {
                        int moved = Math.Min(step * start.Length, best.Units[from]);
                        if (from == to || moved == 0)
                            continue;

                        int[] units = [.. best.Units];
                        units[from] -= moved;
                        units[to] += moved;
                        Candidate candidate = Candidate.Evaluate(objective, units);
                        if (candidate.IsBetterThan(best))
                            (best, improved) = (candidate, true);
                    }
                }
            }
        }

        return best;
    }

    // What rounding leaves over goes to the best model.
    private static int[] InProportion(IReadOnlyList<double> scores)
    {
        double total = scores.Sum();
        if (!(total > 0))
            return [.. Enumerable.Repeat(UnitsPerModel, scores.Count)];

        int[] units = [.. scores.Select(score => (int)(score / total * UnitsPerModel * scores.Count))];
        units[Best(scores)] += (UnitsPerModel * scores.Count) - units.Sum();
        return units;
    }

    private static int[] Alone(IReadOnlyList<double> scores)
    {
        int[] units = new int[scores.Count];
        units[Best(scores)] = UnitsPerModel * scores.Count;
        return units;
    }

    private static int Best(IReadOnlyList<double> scores) => Enumerable.Range(0, scores.Count).MaxBy(model => scores[model]);

    private sealed record Candidate(int[] Units, double Score, long DistanceFromEqual)
    {
        public static Candidate Evaluate(WeightObjective objective, int[] units) => new(
            units,
            objective.Evaluate([.. units.Select(unit => (double)unit)]),
            units.Sum(unit => (long)(unit - UnitsPerModel) * (unit - UnitsPerModel)));

        public bool IsBetterThan(Candidate other) =>
            Score > other.Score || (Score == other.Score && DistanceFromEqual < other.DistanceFromEqual);
    }
}
