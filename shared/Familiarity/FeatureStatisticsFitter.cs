namespace CloudPipe.Familiarity;

/// <summary>Fits a network's <see cref="FeatureStatistics"/> from its pooled features.</summary>
public static class FeatureStatisticsFitter
{
    private const int QuantileSteps = 200;

    // What varies by less, in proportion to its mean, varies by float32's rounding.
    private const double LeastVariation = 1e-6;

    /// <summary>Fits them.</summary>
    /// <remarks>
    /// Features are brought to one scale first, because the projection mixes them: those of a wide range would drown the others.
    /// The covariance is shrunk towards a sphere by as much as the number of samples asks for: oracle approximating shrinkage
    /// (Chen, Wiesel, Eldar, Hero, "Shrinkage Algorithms for MMSE Covariance Estimation", 2010, equation 23). The numbers that are
    /// kept are rounded to float32: the file is half as long.
    /// </remarks>
    /// <param name="architecture">The network's architecture.</param>
    /// <param name="fold">The fold that it did not train on.</param>
    /// <param name="training">Features of the samples that it trained on, one row each; 2 or more.</param>
    /// <param name="heldOut">Features of the samples of its own fold, one row each; 2 or more. Their distances are those of footage that is familiar but new.</param>
    /// <param name="dimensions">How many dimensions to keep, <see cref="FeatureStatistics.MostDimensions"/> at most; all features where they are fewer.</param>
    /// <param name="seed">Of the projection.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="ArgumentException">There are too few rows, they differ in length, a feature is not finite, or all rows are the same.</exception>
    public static FeatureStatistics Fit(
        string architecture,
        int fold,
        IReadOnlyList<float[]> training,
        IReadOnlyList<float[]> heldOut,
        int dimensions = FeatureStatistics.MostDimensions,
        int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, FeatureStatistics.MostDimensions);
        if (training.Count < 2 || heldOut.Count < 2)
            throw new ArgumentException($"There are {training.Count} training and {heldOut.Count} held-out samples; statistics take 2 or more of each.", nameof(training));

        int featureCount = training[0].Length;
        if (training.FirstOrDefault(row => row.Length != featureCount) is { } other)
            throw new ArgumentException($"There are training samples of {featureCount} and of {other.Length} features.", nameof(training));

        var projection = new OrthogonalProjection(featureCount, Math.Min(dimensions, featureCount), seed);
        double[] scales = [.. Enumerable.Range(0, featureCount).Select(i => Rounded(Scale(training, i)))];
        double[][] projected = [.. training.Select(row => projection.Apply(row, scales))];
        double[] mean = [.. Enumerable.Range(0, projected[0].Length).Select(i => Rounded(projected.Average(row => row[i])))];
        double[][] covariance = Covariance(projected, mean);
        Shrink(covariance, projected.Length);
        double[] factor = [.. Factorize(covariance).Select(Rounded)];

        var unranked = new FeatureStatistics(architecture, fold, seed, scales, mean, factor, [0, 0]);
        var scorer = new FamiliarityScorer(unranked);
        double[] distances = [.. heldOut.Select(row => scorer.Distance(row)).Order()];
        return unranked with { DistanceQuantiles = [.. Enumerable.Range(0, QuantileSteps + 1).Select(step => Rounded(Quantile(distances, step / (double)QuantileSteps)))] };
    }

    private static double Scale(IReadOnlyList<float[]> rows, int feature)
    {
        double mean = rows.Average(row => (double)row[feature]);
        double deviation = Math.Sqrt(rows.Average(row => (row[feature] - mean) * (row[feature] - mean)));
        return deviation > LeastVariation * Math.Abs(mean) ? 1 / deviation : 0;
    }

    private static double Rounded(double value) => (float)value;

    // [dimension][dimension], lower triangle; divided by n, as the shrinkage's formula has it.
    private static double[][] Covariance(double[][] rows, double[] mean)
    {
        double[][] covariance = [.. mean.Select((_, i) => new double[i + 1])];
        foreach (double[] row in rows)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                for (int j = 0; j <= i; j++)
                    covariance[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / rows.Length;
            }
        }

        return covariance;
    }

    private static void Shrink(double[][] covariance, int sampleCount)
    {
        int dimensions = covariance.Length;
        double trace = covariance.Select((row, i) => row[i]).Sum();
        if (!(trace > 0))
            throw new ArgumentException("All training samples have the same features: there is no distance to measure by.", nameof(covariance));

        // tr(S²) is the sum of the squares; the triangle holds the others once.
        double traceOfSquare = covariance.Select((row, i) => (2 * row.Take(i).Sum(value => value * value)) + (row[i] * row[i])).Sum();
        double numerator = ((1 - (2.0 / dimensions)) * traceOfSquare) + (trace * trace);
        double denominator = (sampleCount + 1 - (2.0 / dimensions)) * (traceOfSquare - (trace * trace / dimensions));
        double shrinkage = denominator > 0 ? Math.Min(1, numerator / denominator) : 1;

        // One dimension has no other direction to borrow from.
        if (dimensions == 1)
            shrinkage = 0;

        for (int i = 0; i < dimensions; i++)
        {
            for (int j = 0; j < i; j++)
                covariance[i][j] *= 1 - shrinkage;

            covariance[i][i] = ((1 - shrinkage) * covariance[i][i]) + (shrinkage * trace / dimensions);
        }
    }

    // Cholesky: the shrunk covariance is positive definite.
    private static IEnumerable<double> Factorize(double[][] covariance)
    {
        for (int i = 0; i < covariance.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = covariance[i][j];
                for (int k = 0; k < j; k++)
                    sum -= covariance[i][k] * covariance[j][k];

                covariance[i][j] = i == j ? Math.Sqrt(sum) : sum / covariance[j][j];
                yield return covariance[i][j];
            }
        }
    }

    // Linear between the two neighbouring samples, as numpy and R (type 7) have it.
    private static double Quantile(double[] ordered, double share)
    {
        double position = share * (ordered.Length - 1);
        int below = Math.Min((int)position, ordered.Length - 2);
        return ordered[below] + ((position - below) * (ordered[below + 1] - ordered[below]));
    }
}
