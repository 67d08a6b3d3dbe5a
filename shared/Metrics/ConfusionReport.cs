namespace CloudPipe.Metrics;

/// <summary>The counts of every class, and the usual means over classes; as scikit-learn computes them with <c>zero_division=0</c>.</summary>
/// <param name="Classes">One entry per class, in the taxonomy's order.</param>
public sealed record ConfusionReport(IReadOnlyList<Confusion> Classes)
{
    /// <summary>All (sample, class) pairs counted as one class.</summary>
    public Confusion Micro => new(
        Classes.Sum(entry => entry.TruePositives),
        Classes.Sum(entry => entry.FalsePositives),
        Classes.Sum(entry => entry.FalseNegatives),
        Classes.Sum(entry => entry.TrueNegatives));

    /// <summary>Every class counts alike, also one that no sample has.</summary>
    public PrecisionRecallF1 Macro => Average(_ => 1);

    /// <summary>Every class counts by its samples.</summary>
    public PrecisionRecallF1 Weighted => Average(entry => entry.TruePositives + entry.FalseNegatives);

    private PrecisionRecallF1 Average(Func<Confusion, double> weight)
    {
        double total = Classes.Sum(weight);
        return total == 0
            ? new PrecisionRecallF1(0, 0, 0)
            : new PrecisionRecallF1(
                Classes.Sum(entry => weight(entry) * entry.Precision) / total,
                Classes.Sum(entry => weight(entry) * entry.Recall) / total,
                Classes.Sum(entry => weight(entry) * entry.F1) / total);
    }
}
