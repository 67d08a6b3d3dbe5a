using CloudPipe.Metrics;

namespace CloudPipe.Shared.Tests.Metrics;

public class DecisionThresholdTests
{
    [Theory]
    [InlineData(new[] { 0.9, 0.8, 0.3, 0.1 }, new[] { true, true, false, false }, 1, 0.55)] // Half-way between the last right one and the next.
    [InlineData(new[] { 0.9, 0.2, 0.2, 0.1 }, new[] { true, true, false, false }, 1, 0.15)] // Equal scores are said together: F1 is 0.8, not 2/3.
    [InlineData(new[] { 0.8, 0.6, 0.4, 0.2 }, new[] { true, false, false, true }, 1, 0.7)] // F1 is 2/3 at 0.8 and at 0.2: the higher one says less.
    [InlineData(new[] { 0.8, 0.6, 0.4, 0.2 }, new[] { true, false, false, true }, 2, 0.1)] // F2 pays for the one that is found last.
    [InlineData(new[] { 0.8, 0.0 }, new[] { true, true }, 1, 0.4)] // 0 is never said.
    [InlineData(new[] { 0.8, 0.6 }, new[] { false, false }, 1, 0.5)]
    [InlineData(new[] { 0.0, 0.6 }, new[] { true, false }, 1, 0.5)]
    public void It_has_the_highest_f_score_and_the_highest_of_equals(double[] scores, bool[] positives, double beta, double expected) =>
        Assert.Equal(expected, DecisionThreshold.Best(scores, positives, beta), 1e-12);

    [Fact]
    public void Between_neighbouring_numbers_it_parts_them_all_the_same()
    {
        double upper = Math.BitIncrement(0.5);

        double threshold = DecisionThreshold.Best([upper, 0.5], [true, false]);

        Assert.True(threshold is > 0.5 && threshold <= upper);
    }

    [Fact]
    public void No_other_threshold_scores_higher()
    {
        double[] scores = [.. Enumerable.Range(0, 150).Select(i => i * 47 % 151 / 151.0)];
        bool[] positives = [.. scores.Select((score, i) => i * 13 % 17 / 17.0 < score)];

        foreach (double beta in new[] { 0.5, 1, 2 })
        {
            double best = Confusion.Compute(scores, positives, DecisionThreshold.Best(scores, positives, beta)).FScore(beta);

            Assert.All(scores, threshold => Assert.True(Confusion.Compute(scores, positives, threshold).FScore(beta) <= best + 1e-12));
        }
    }
}
