namespace CloudPipe.Metrics;

/// <summary>Average precision per class, and its means.</summary>
/// <param name="Classes">One entry per class, in the taxonomy's order.</param>
/// <param name="Micro">The average precision of all (sample, class) pairs taken as one class, over the classes that some sample has.</param>
public sealed record AveragePrecisionReport(IReadOnlyList<ClassAveragePrecision> Classes, double Micro)
{
    /// <summary>The mean over the classes that some sample has: the mAP to quote. 0 when there is none.</summary>
    public double Macro => Classes.Where(entry => entry.Positives > 0).Select(entry => entry.Value).DefaultIfEmpty(0).Average();

    /// <summary>The mean over all classes; one without samples counts as 0.</summary>
    public double MacroOverAll => Classes.Select(entry => entry.Value).DefaultIfEmpty(0).Average();

    /// <summary>The mean over classes, each weighed by its number of samples. 0 when there are none.</summary>
    public double Weighted
    {
        get
        {
            long positives = Classes.Sum(entry => (long)entry.Positives);
            return positives == 0 ? 0 : Classes.Sum(entry => entry.Value * entry.Positives) / positives;
        }
    }
}
