using System.Text.Json.Serialization;
using CloudPipe.Metrics;

namespace CloudPipe.Ensembling;

/// <summary>What turns averaged probabilities into defects.</summary>
/// <param name="Aggregation">How segments become one inspection; the normal class always takes the minimum.</param>
/// <param name="NormalThreshold">The 'ZC' rule: above it the normal class becomes 1 and all others 0 (0.9 in the papers).</param>
/// <param name="DefectThreshold">A class at or above it is listed as a defect.</param>
/// <param name="DefectThresholds">One threshold per class instead, in the taxonomy's order; the normal class is never listed, so its own decides nothing. <see langword="null"/> for <paramref name="DefectThreshold"/> throughout.</param>
/// <param name="Temperatures">One temperature per class: the logit of a segment's averaged probability is divided by it, before everything else. <see langword="null"/> leaves probabilities as they are.</param>
public sealed record PostProcessing(
    SegmentAggregation Aggregation = SegmentAggregation.Max,
    double NormalThreshold = 0.9,
    double DefectThreshold = 0.5,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? DefectThresholds = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Temperatures = null)
{
    /// <summary>From which probability on a class is listed as a defect.</summary>
    /// <param name="classIndex">The class.</param>
    /// <returns>Above 0, at most 1.</returns>
    public double ThresholdOf(int classIndex) => DefectThresholds is null ? DefectThreshold : DefectThresholds[classIndex];

    /// <summary>Applies the class's temperature to an averaged probability.</summary>
    /// <param name="classIndex">The class.</param>
    /// <param name="probability">0..1.</param>
    /// <returns>0..1.</returns>
    public double Calibrate(int classIndex, double probability) =>
        Temperatures is null ? probability : TemperatureScaling.Apply(probability, Temperatures[classIndex]);

    /// <summary>The 'ZC' rule: above the threshold the normal class becomes 1 and all others 0.</summary>
    /// <param name="probabilities">One per class; changed in place.</param>
    /// <param name="normalIndex">The normal class; without one there is no rule.</param>
    /// <returns>Whether the rule applied.</returns>
    public bool ApplyNormalRule(Span<double> probabilities, int? normalIndex)
    {
        if (normalIndex is not int normal || !(probabilities[normal] > NormalThreshold))
            return false;

        probabilities.Clear();
        probabilities[normal] = 1;
        return true;
    }
}
