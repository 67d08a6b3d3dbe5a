using System.Text.Json;
using CloudPipe.Metrics;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Metrics;

public class AveragePrecisionTests
{
    [Theory]
    // Worked by hand: recall gained times precision there, from the highest score down.
    [InlineData(new[] { 0.1, 0.4, 0.35, 0.8 }, new[] { false, false, true, true }, (0.5 * 1) + (0.5 * 2 / 3))]
    [InlineData(new[] { 0.9, 0.8, 0.7 }, new[] { true, true, false }, 1.0)]
    [InlineData(new[] { 0.9, 0.8, 0.7 }, new[] { false, false, true }, 1.0 / 3)]
    // Ties are one threshold: one of two at 0.5 is a hit whichever comes first.
    [InlineData(new[] { 0.5, 0.5 }, new[] { true, false }, 0.5)]
    [InlineData(new[] { 0.5, 0.5 }, new[] { false, true }, 0.5)]
    [InlineData(new[] { 0.9, 0.5, 0.5, 0.5 }, new[] { true, true, false, false }, (0.5 * 1) + (0.5 * 2 / 4))]
    [InlineData(new[] { 0.3, 0.2 }, new[] { false, false }, 0.0)]
    public void It_is_the_sum_of_recall_gained_times_precision(double[] scores, bool[] positives, double expected) =>
        Assert.Equal(expected, AveragePrecision.Compute(scores, positives), 1e-12);

    [Fact]
    public void A_score_that_is_no_number_is_refused()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => AveragePrecision.Compute([0.5, double.NaN], [true, false]));
        Assert.Contains("sample 1", exception.Message);
    }

    [Fact]
    public void A_class_without_samples_is_left_out_of_the_mean_that_is_quoted()
    {
        double[][] scores = [[0.9, 0.1, 0.6], [0.2, 0.8, 0.7]];
        int[][] labels = [[0], [1]];

        AveragePrecisionReport report = AveragePrecision.Report(scores, labels, 3);

        Assert.Equal([1, 1, 0], report.Classes.Select(entry => entry.Positives));
        Assert.Equal(1.0, report.Macro);
        Assert.Equal(2.0 / 3, report.MacroOverAll, 1e-12);
        Assert.Equal(1.0, report.Weighted);
        Assert.Equal(1.0, report.Micro);
    }

    [Fact]
    public void Scikit_learn_s_documented_example_holds() =>
        Assert.Equal(0.8333333333333333, AveragePrecision.Compute([0.1, 0.4, 0.35, 0.8], [false, false, true, true]), 1e-12);

    [ParityFact("functions/average_precision.json")]
    public void It_equals_scikit_learn_with_and_without_ties()
    {
        JsonElement reference = ParityData.Read("functions/average_precision.json");
        foreach (JsonElement sample in reference.GetProperty("cases").EnumerateArray())
        {
            double[][] scores = sample.GetProperty("scores").Deserialize<double[][]>()!;
            int[][] labels = [.. sample.GetProperty("targets").Deserialize<int[][]>()!
                .Select(row => row.Select((value, index) => (value, index)).Where(pair => pair.value == 1).Select(pair => pair.index).ToArray())];
            double[] expected = sample.GetProperty("ap").Deserialize<double[]>()!;

            AveragePrecisionReport report = AveragePrecision.Report(scores, labels, expected.Length);

            Assert.All(report.Classes, entry => Assert.Equal(expected[entry.ClassIndex], entry.Value, 1e-12));
            Assert.Equal(sample.GetProperty("positives").Deserialize<int[]>(), report.Classes.Select(entry => entry.Positives));
            Assert.Equal(sample.GetProperty("map_macro_classes_with_positives").GetDouble(), report.Macro, 1e-12);
            Assert.Equal(sample.GetProperty("map_macro_all_classes").GetDouble(), report.MacroOverAll, 1e-12);
            Assert.Equal(sample.GetProperty("map_weighted").GetDouble(), report.Weighted, 1e-12);
            Assert.Equal(sample.GetProperty("map_micro").GetDouble(), report.Micro, 1e-12);
        }
    }
}
