using CloudPipe.Folds;

namespace CloudPipe.Familiarity;

/// <summary>
/// A random projection to fewer dimensions whose rows are orthogonal and of length 1: it keeps distances in proportion
/// (Johnson, Lindenstrauss) and is drawn again from its seed instead of being stored.
/// </summary>
public sealed class OrthogonalProjection
{
    private readonly double[][] _rows;

    /// <summary>Draws a projection; the same seed gives the same on every machine.</summary>
    /// <param name="featureCount">The dimensions before.</param>
    /// <param name="dimensions">The dimensions after; where they are as many, everything stays as it is.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more dimensions after than before, or none.</exception>
    public OrthogonalProjection(int featureCount, int dimensions, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, featureCount);
        FeatureCount = featureCount;
        var random = new SplitMix64((uint)seed);
        _rows = [.. Enumerable.Range(0, dimensions).Select(_ => new double[featureCount])];
        for (int row = 0; row < dimensions; row++)
        {
            if (dimensions == featureCount)
            {
                _rows[row][row] = 1;
                continue;
            }

            // Uniform numbers instead of normal ones: no logarithm or cosine, which differ by machine.
            for (int i = 0; i < featureCount; i++)
                _rows[row][i] = (random.NextUInt64() >> 11) * (2.0 / (1UL << 53)) - 1;

            // Gram and Schmidt, twice: once leaves rounding errors where a row is nearly in the span of those before it.
            for (int pass = 0; pass < 2; pass++)
            {
                foreach (double[] other in _rows[..row])
                    Subtract(_rows[row], other, Dot(_rows[row], other));
            }

            double length = Math.Sqrt(Dot(_rows[row], _rows[row]));
            for (int i = 0; i < featureCount; i++)
                _rows[row][i] /= length;
        }
    }

    /// <summary>The dimensions before.</summary>
    public int FeatureCount { get; }

    /// <summary>Projects one sample.</summary>
    /// <param name="features">Its features.</param>
    /// <param name="scales">What each is multiplied by before; <see langword="null"/> takes them as they are.</param>
    /// <returns>Its projected features.</returns>
    /// <exception cref="ArgumentException">They are not as many as the projection takes, or one is not finite.</exception>
    public double[] Apply(ReadOnlySpan<float> features, IReadOnlyList<double>? scales = null)
    {
        if (features.Length != FeatureCount)
            throw new ArgumentException($"There are {features.Length} features; these statistics are of {FeatureCount}.", nameof(features));

        double[] widened = new double[features.Length];
        for (int i = 0; i < features.Length; i++)
        {
            if (!float.IsFinite(features[i]))
                throw new ArgumentException($"Feature {i} is {features[i]}; features must be finite.", nameof(features));

            widened[i] = scales is null ? features[i] : features[i] * scales[i];
        }

        return [.. _rows.Select(row => Dot(row, widened))];
    }

    // One after the other: a vectorised sum would round by the machine's width.
    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += left[i] * right[i];

        return sum;
    }

    private static void Subtract(double[] from, double[] what, double times)
    {
        for (int i = 0; i < from.Length; i++)
            from[i] -= times * what[i];
    }
}
