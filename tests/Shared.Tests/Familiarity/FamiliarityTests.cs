using System.Text.Json;
using CloudPipe.Familiarity;
using CloudPipe.Folds;
using CloudPipe.Messages;

namespace CloudPipe.Shared.Tests.Familiarity;

public class FamiliarityTests
{
    [Fact]
    public void The_distance_is_measured_in_standard_deviations_worked_by_hand()
    {
        // Covariance [[4, 2], [2, 2]] = L·Lᵀ with L = [[2, 0], [1, 1]]; x − mean = (2, 3) when x is (3, 8) and the second feature counts half: y = (1, 2), length √5.
        var scorer = new FamiliarityScorer(new FeatureStatistics("a", 0, 0, [1, 0.5], [1, 1], [2, 1, 1], [0, 1, 2, 4]));

        Assert.Equal(Math.Sqrt(5), scorer.Distance([3, 8]), 1e-12);
        Assert.Equal(0, scorer.Distance([1, 2]), 1e-12);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)] // Nearer than every held-out sample.
    [InlineData(1, 1)]
    [InlineData(1.5, 5.0 / 6)]
    [InlineData(2, 2.0 / 3)]
    [InlineData(3, 0.5)]
    [InlineData(8, 0)]
    [InlineData(8.1, 0)]
    public void Familiarity_is_the_share_that_lies_at_least_as_far_away(double distance, double expected) =>
        Assert.Equal(expected, new FamiliarityScorer(new FeatureStatistics("a", 0, 0, [1], [0], [1], [1, 2, 4, 8])).OfDistance(distance), 1e-12);

    [Fact]
    public void Equal_distances_make_a_step()
    {
        var scorer = new FamiliarityScorer(new FeatureStatistics("a", 0, 0, [1], [0], [1], [2, 2, 2]));

        Assert.Equal((1, 0), (scorer.OfDistance(2), scorer.OfDistance(2.5)));
    }

    [Fact]
    public void Fitted_in_full_dimensions_it_is_the_sample_s_covariance_shrunk_as_the_paper_says()
    {
        // Eight points at ±4 and ±½: on one scale the covariance over n is [[1, ½], [½, 1]]; tr 2, tr(S²) 2.5, p 2, n 8.
        // Shrinkage ((1−1)·2.5 + 4) / ((8+1−1)·(2.5 − 2)) = 1: a sphere of 1.
        float[][] rows = [[4, 0.5f], [4, 0.5f], [4, 0.5f], [-4, -0.5f], [-4, -0.5f], [-4, -0.5f], [4, -0.5f], [-4, 0.5f]];

        FeatureStatistics statistics = FeatureStatisticsFitter.Fit("a", 1, rows, rows);

        Assert.Equal([0.25, 2], statistics.Scales);
        Assert.Equal([0, 0], statistics.Mean);
        Assert.Equal([1, 0, 1], statistics.CovarianceFactor, (a, b) => Math.Abs(a - b) < 1e-6);

        // Repeated 25 times, n is 200: 4 / (200·0.5) = 0.04, and the correlation is 0.96 of what it was.
        float[][] many = [.. Enumerable.Repeat(rows, 25).SelectMany(row => row)];
        Assert.Equal([1, 0.48, Math.Sqrt(1 - (0.48 * 0.48))], FeatureStatisticsFitter.Fit("a", 1, many, rows).CovarianceFactor, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void What_never_varies_counts_for_nothing()
    {
        float[][] rows = [[1, 5, 1e6f], [2, 5, 1e6f + 0.0625f], [3, 5, 1e6f], [4, 5, 1e6f]];

        FeatureStatistics statistics = FeatureStatisticsFitter.Fit("a", 0, rows, rows);

        Assert.Equal([0, 0], statistics.Scales.Skip(1));
        var scorer = new FamiliarityScorer(statistics);
        Assert.Equal(scorer.Distance([2, 5, 1e6f]), scorer.Distance([2, 700, 0]));
    }

    [Fact]
    public void Of_familiar_footage_a_share_of_t_has_a_familiarity_below_t_and_unfamiliar_footage_stands_out()
    {
        var random = new SplitMix64(11);
        FeatureStatistics statistics = FeatureStatisticsFitter.Fit("a", 0, Gaussians(random, 1500, shift: 0), Gaussians(random, 600, shift: 0), dimensions: 32, seed: 3);
        var scorer = new FamiliarityScorer(statistics);

        double[] familiar = [.. Gaussians(random, 1000, shift: 0).Select(row => scorer.Familiarity(row))];
        double[] foreign = [.. Gaussians(random, 300, shift: 2).Select(row => scorer.Familiarity(row))];

        foreach (double threshold in new[] { 0.05, 0.25, 0.5, 0.9 })
            Assert.InRange(familiar.Count(value => value < threshold) / 1000.0, threshold - 0.06, threshold + 0.06);

        Assert.True(foreign.Count(value => value < FamiliarityModel.UsualThreshold) > 285, $"{foreign.Count(value => value < FamiliarityModel.UsualThreshold)} of 300");
        Assert.True(familiar.Count(value => value < FamiliarityModel.UsualThreshold) < 40);
    }

    [Fact]
    public void The_projection_is_orthogonal_and_the_seed_decides_it()
    {
        float[][] unit = [.. Enumerable.Range(0, 50).Select(i => Enumerable.Range(0, 50).Select(j => i == j ? 1f : 0).ToArray())];
        double[][] columns = [.. unit.Select(row => new OrthogonalProjection(50, 12, seed: 5).Apply(row))];

        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 12; j++)
                Assert.Equal(i == j ? 1 : 0, columns.Sum(column => column[i] * column[j]), 1e-12);
        }

        Assert.Equal(columns[3], new OrthogonalProjection(50, 12, seed: 5).Apply(unit[3]));
        Assert.NotEqual(columns[3], new OrthogonalProjection(50, 12, seed: 6).Apply(unit[3]));

        // Pinned: a release keeps the seed alone, so no version may draw another matrix from it.
        Assert.Equal(-0.053454916829229392, columns[0][0], 1e-12);
    }

    [Fact]
    public void Statistics_survive_json_and_are_small()
    {
        var random = new SplitMix64(2);
        FeatureStatistics statistics = FeatureStatisticsFitter.Fit("a", 0, Gaussians(random, 300, 0), Gaussians(random, 100, 0));

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(statistics, CloudPipeJson.Options);
        FeatureStatistics read = JsonSerializer.Deserialize<FeatureStatistics>(json, CloudPipeJson.Options)!;

        float[] row = Gaussians(random, 1, 0)[0];
        Assert.Equal(new FamiliarityScorer(statistics).Distance(row), new FamiliarityScorer(read).Distance(row));
        Assert.Equal(statistics.DistanceQuantiles, read.DistanceQuantiles);
        Assert.InRange(json.Length, 1000, 14_000);
    }

    [Theory]
    [InlineData("\"AAAA\"")] // Three bytes.
    [InlineData("\"not base64\"")]
    [InlineData("[1, 2]")]
    public void Numbers_of_another_form_are_refused(string mean)
    {
        string json = $$"""{ "architecture": "a", "fold": 0, "seed": 0, "scales": "AACAPw==", "mean": {{mean}}, "covarianceFactor": "AACAPw==", "distanceQuantiles": "AACAPwAAAEA=" }""";

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<FeatureStatistics>(json, CloudPipeJson.Options));
        FeatureStatistics sound = JsonSerializer.Deserialize<FeatureStatistics>(json.Replace(mean, "\"AAAAAA==\"", StringComparison.Ordinal), CloudPipeJson.Options)!;
        Assert.Equal([0, 1, 1, 2], [.. sound.Mean, .. sound.CovarianceFactor, .. sound.DistanceQuantiles]);
    }

    [Fact]
    public void An_inspection_is_as_familiar_as_its_median_segment()
    {
        Assert.Equal(0.5, FamiliarityModel.OfInspection([0.9, 0.5, 0.001]));
        Assert.Equal(0.2, FamiliarityModel.OfInspection([0.9, 0.2]));
        Assert.Equal(0.25, FamiliarityModel.OfSegment([0.5, 0]));
    }

    [Fact]
    public void What_cannot_be_fitted_or_scored_is_refused()
    {
        float[][] rows = [[1, 2], [2, 1], [0, 0]];

        Assert.Contains("0 training", Assert.Throws<ArgumentException>(() => FeatureStatisticsFitter.Fit("a", 0, [], rows)).Message);
        Assert.Contains("same features", Assert.Throws<ArgumentException>(() => FeatureStatisticsFitter.Fit("a", 0, [[1, 1], [1, 1]], rows)).Message);
        Assert.Contains("3 features", Assert.Throws<ArgumentException>(() => FeatureStatisticsFitter.Fit("a", 0, rows, [[1, 2, 3], [1, 2, 3]])).Message);
        Assert.Contains("Feature 1 is NaN", Assert.Throws<ArgumentException>(() => FeatureStatisticsFitter.Fit("a", 0, rows, [[1, float.NaN], [0, 0]])).Message);
        Assert.Contains("diagonal", Assert.Throws<ArgumentException>(() => new FamiliarityScorer(new FeatureStatistics("a", 0, 0, [1], [0], [0], [0, 1]))).Message);
    }

    // 200 features that depend on one another, as pooled features do; a shift moves every one of them.
    private static float[][] Gaussians(SplitMix64 random, int count, float shift) =>
        [.. Enumerable.Range(0, count).Select(_ =>
        {
            double[] hidden = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 12).Sum(_ => (random.NextUInt64() >> 11) * (1.0 / (1UL << 53))) - 6)];
            return Enumerable.Range(0, 200).Select(i => (float)(hidden[i % 40] + (0.5 * hidden[(i * 7) % 40])) + shift).ToArray();
        })];
}
