using System.Text.Json.Serialization;

namespace CloudPipe.Familiarity;

/// <summary>
/// The distribution of one network's pooled features over footage that it knows, and how far footage of the same kind that it
/// has not seen lies from it. Features are brought to one scale, projected to few dimensions by a seeded orthogonal matrix, and
/// measured by the Mahalanobis distance without regard to classes (Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution
/// Samples", 2018, section 2.1, with one Gaussian for all).
/// </summary>
/// <param name="Architecture">The network's architecture.</param>
/// <param name="Fold">The fold that it did not train on: networks of other folds have other features.</param>
/// <param name="Seed">Of the projection; see <see cref="OrthogonalProjection"/>.</param>
/// <param name="Scales">What each feature is multiplied by: one over its standard deviation, or 0 for one that never varies. As many as there are features.</param>
/// <param name="Mean">Of the projected features; as many numbers as dimensions.</param>
/// <param name="CovarianceFactor">The lower triangle L of the regularised covariance L·Lᵀ, row by row: d·(d+1)/2 numbers for d dimensions.</param>
/// <param name="DistanceQuantiles">The distances of held-out samples, ascending, at evenly spaced shares from 0 to 1; two or more.</param>
public sealed record FeatureStatistics(
    string Architecture,
    int Fold,
    int Seed,
    [property: JsonConverter(typeof(PackedNumbers))] IReadOnlyList<double> Scales,
    [property: JsonConverter(typeof(PackedNumbers))] IReadOnlyList<double> Mean,
    [property: JsonConverter(typeof(PackedNumbers))] IReadOnlyList<double> CovarianceFactor,
    [property: JsonConverter(typeof(PackedNumbers))] IReadOnlyList<double> DistanceQuantiles)
{
    /// <summary>The most dimensions that statistics may have: they travel in the release's file.</summary>
    public const int MostDimensions = 64;

    /// <summary>The most numbers that pooled features may be.</summary>
    public const int MostFeatures = 65_536;

    /// <summary>How many numbers the network's pooled features are.</summary>
    [JsonIgnore]
    public int FeatureCount => Scales.Count;

    /// <summary>How many dimensions features are projected to.</summary>
    [JsonIgnore]
    public int Dimensions => Mean.Count;

    /// <summary>Checks that the numbers fit together.</summary>
    /// <returns>The faults, each a sentence that starts with the member's name; none when they do.</returns>
    public IEnumerable<string> Validate()
    {
        if (FeatureCount is < 1 or > MostFeatures)
            yield return $"scales has {FeatureCount} values; it must have 1 to {MostFeatures}.";
        if (!Scales.All(value => double.IsFinite(value) && value >= 0))
            yield return "scales has a value that is not a number, or negative.";
        if (Dimensions < 1 || Dimensions > Math.Min(MostDimensions, FeatureCount))
            yield return $"mean has {Dimensions} values; it must have 1 to {MostDimensions} and not more than there are features ({FeatureCount}).";
        if (!Mean.All(double.IsFinite))
            yield return "mean has a value that is not a number.";
        if (CovarianceFactor.Count != Dimensions * (Dimensions + 1) / 2)
            yield return $"covarianceFactor has {CovarianceFactor.Count} values; a lower triangle of {Dimensions} rows has {Dimensions * (Dimensions + 1) / 2}.";
        else if (!CovarianceFactor.All(double.IsFinite) || Enumerable.Range(0, Dimensions).Any(row => !(CovarianceFactor[(row * (row + 1) / 2) + row] > 0)))
            yield return "covarianceFactor has a value that is not a number, or a diagonal value that is not above 0.";
        if (DistanceQuantiles.Count < 2 || !DistanceQuantiles.All(value => double.IsFinite(value) && value >= 0) || DistanceQuantiles.Zip(DistanceQuantiles.Skip(1)).Any(pair => pair.Second < pair.First))
            yield return $"distanceQuantiles has {DistanceQuantiles.Count} values; it must have 2 or more, none negative, in ascending order.";
    }
}
