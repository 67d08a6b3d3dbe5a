using System.Text.Json;
using CloudPipe.Metrics;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Metrics;

public class ChallengeAveragePrecisionTests
{
    [Theory]
    // What the challenge's eval_classification.py gives in Python 3.11 for the same ties.
    [InlineData(1, 1.0)]
    [InlineData(2, 0.5)]
    [InlineData(7, 0.30952380952380953)]
    [InlineData(40, 0.2512575149542028)]
    [InlineData(200, 0.2733615030392501)]
    [InlineData(1700, 0.28511868200272494)]
    public void Ties_are_ranked_as_the_published_evaluation_ranks_them(int samples, double expected)
    {
        double[] scores = [.. Enumerable.Range(0, samples).Select(i => i * 37 % 11 / 10.0)];
        bool[] positives = [.. Enumerable.Range(0, samples).Select(i => ((i * i) + (3 * i)) % 7 < 2)];

        Assert.Equal(expected, ChallengeAveragePrecision.Compute(scores, positives));
    }

    [Fact]
    public void Its_shuffle_is_python_s() => Assert.Equal([6, 7, 3, 0, 2, 5, 1, 4], new MersenneTwister(0).Permutation(8));

    [Fact]
    public void Without_ties_it_is_average_precision()
    {
        double[] scores = [.. Enumerable.Range(0, 500).Select(i => i * 211 % 503 / 503.0)];
        bool[] positives = [.. Enumerable.Range(0, 500).Select(i => i % 7 == 0 || scores[i] > 0.9)];

        Assert.Equal(AveragePrecision.Compute(scores, positives), ChallengeAveragePrecision.Compute(scores, positives), 1e-12);
    }

    [Fact]
    public void A_class_that_no_sample_has_counts_as_zero() =>
        Assert.Equal([1, 1, 0], ChallengeAveragePrecision.PerClass([[0.9, 0.1, 0.6], [0.2, 0.8, 0.7]], [[0], [1]], 3));

    [ParityFact("functions/average_precision.json")]
    public void Without_ties_it_equals_the_reference_s_mean_over_all_classes()
    {
        JsonElement sample = ParityData.Read("functions/average_precision.json").GetProperty("cases").EnumerateArray().Single(entry => !entry.GetProperty("ties").GetBoolean());
        double[][] scores = sample.GetProperty("scores").Deserialize<double[][]>()!;
        int[][] labels = [.. sample.GetProperty("targets").Deserialize<int[][]>()!.Select(row => row.Index().Where(pair => pair.Item == 1).Select(pair => pair.Index).ToArray())];

        IReadOnlyList<double> values = ChallengeAveragePrecision.PerClass(scores, labels, 17);

        Assert.Equal(sample.GetProperty("ap").Deserialize<double[]>()!, values, (expected, actual) => Math.Abs(expected - actual) < 1e-12);
        Assert.Equal(sample.GetProperty("map_macro_all_classes").GetDouble(), values.Average(), 1e-12);
    }
}
