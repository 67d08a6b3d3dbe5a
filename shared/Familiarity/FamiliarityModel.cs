namespace CloudPipe.Familiarity;

/// <summary>
/// What footage like the training data looks like to a release's networks, so that footage of another kind (another camera,
/// another sort of pipe) is recognised as such: on it, scores mean less than they say.
/// </summary>
/// <param name="Members">Feature statistics of some of the release's networks. Each network has features of its own; one network is enough, several are averaged.</param>
/// <param name="Threshold">Footage whose familiarity is below it is flagged. 0..1: the share of familiar footage that is flagged all the same.</param>
public sealed record FamiliarityModel(IReadOnlyList<FeatureStatistics> Members, double Threshold = FamiliarityModel.UsualThreshold)
{
    /// <summary>One familiar segment in a hundred is flagged by mistake.</summary>
    public const double UsualThreshold = 0.01;

    /// <summary>The familiarity of a segment that several networks judged: their mean.</summary>
    /// <param name="familiarities">One per network, 0..1.</param>
    /// <returns>0..1.</returns>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static double OfSegment(IEnumerable<double> familiarities) => familiarities.Average();

    /// <summary>
    /// The familiarity of an inspection: the median of its segments' (the lower one of two), so that a dark stretch does not
    /// make a survey unfamiliar and one known stretch does not make it familiar.
    /// </summary>
    /// <param name="segments">One per segment, 0..1.</param>
    /// <returns>0..1.</returns>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static double OfInspection(IReadOnlyCollection<double> segments)
    {
        if (segments.Count == 0)
            throw new ArgumentException("An inspection has at least one segment.", nameof(segments));

        double[] ordered = [.. segments.Order()];
        return ordered[(ordered.Length - 1) / 2];
    }
}
