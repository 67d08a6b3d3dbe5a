namespace CloudPipe.Familiarity;

/// <summary>Says how familiar footage is to a network, from its pooled features.</summary>
public sealed class FamiliarityScorer
{
    private readonly FeatureStatistics _statistics;
    private readonly OrthogonalProjection _projection;

    /// <summary>Prepares the projection.</summary>
    /// <param name="statistics">The network's statistics.</param>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    public FamiliarityScorer(FeatureStatistics statistics)
    {
        if (statistics.Validate().FirstOrDefault() is { } fault)
            throw new ArgumentException(fault, nameof(statistics));

        _statistics = statistics;
        _projection = new OrthogonalProjection(statistics.FeatureCount, statistics.Dimensions, statistics.Seed);
    }

    /// <summary>How many features a sample has.</summary>
    public int FeatureCount => _statistics.FeatureCount;

    /// <summary>The Mahalanobis distance from what the network trained on.</summary>
    /// <param name="features">A sample's pooled features.</param>
    /// <returns>0 or more, in standard deviations.</returns>
    /// <exception cref="ArgumentException">There are not as many as the statistics are of, or one is not finite.</exception>
    public double Distance(ReadOnlySpan<float> features)
    {
        double[] projected = _projection.Apply(features, _statistics.Scales);
        double[] solved = new double[projected.Length];
        double sum = 0;

        // L·y = x − mean, row by row; the distance is the length of y.
        for (int row = 0, start = 0; row < solved.Length; start += ++row)
        {
            double value = projected[row] - _statistics.Mean[row];
            for (int column = 0; column < row; column++)
                value -= _statistics.CovarianceFactor[start + column] * solved[column];

            solved[row] = value / _statistics.CovarianceFactor[start + row];
            sum += solved[row] * solved[row];
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The share of familiar samples that lie at least as far away.</summary>
    /// <param name="features">A sample's pooled features.</param>
    /// <returns>1 for what could not be more familiar, 0 for what is farther away than every held-out sample was.</returns>
    /// <exception cref="ArgumentException">There are not as many as the statistics are of, or one is not finite.</exception>
    public double Familiarity(ReadOnlySpan<float> features) => OfDistance(Distance(features));

    /// <summary>The share of familiar samples that lie at least as far away.</summary>
    /// <param name="distance">A sample's distance.</param>
    /// <returns>0..1; linear between two quantiles.</returns>
    public double OfDistance(double distance)
    {
        IReadOnlyList<double> quantiles = _statistics.DistanceQuantiles;
        int nearer = 0;
        while (nearer < quantiles.Count && quantiles[nearer] < distance)
            nearer++;

        if (nearer == 0)
            return 1;
        if (nearer == quantiles.Count)
            return 0;

        double below = nearer - 1 + ((distance - quantiles[nearer - 1]) / (quantiles[nearer] - quantiles[nearer - 1]));
        return 1 - (below / (quantiles.Count - 1));
    }
}
