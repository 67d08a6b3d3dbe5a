using System.Text.Json;
using CloudPipe.Metrics;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Metrics;

public class ConfusionTests
{
    [Fact]
    public void A_score_at_the_threshold_counts_as_said()
    {
        Confusion confusion = Confusion.Compute([0.5, 0.49, 0.9, 0.1], [true, true, false, false], 0.5);

        Assert.Equal(new Confusion(TruePositives: 1, FalsePositives: 1, FalseNegatives: 1, TrueNegatives: 1), confusion);
        Assert.Equal((0.5, 0.5, 0.5), (confusion.Precision, confusion.Recall, confusion.F1));
    }

    [Fact]
    public void Shares_of_nothing_are_zero()
    {
        Confusion confusion = Confusion.Compute([0.1], [false], 0.5);

        Assert.Equal((0, 0, 0), (confusion.Precision, confusion.Recall, confusion.F1));
    }

    [Fact]
    public void Three_of_four_found_and_one_said_wrongly_give_three_quarters() =>
        Assert.Equal(0.75, Confusion.Compute([0.9, 0.9, 0.9, 0.1, 0.9], [true, true, true, true, false], 0.5).F1, 1e-12);

    [Theory]
    // 3 found, 1 said wrongly, 2 missed: precision 3/4, recall 3/5; F2 = 5·P·R / (4·P + R).
    [InlineData(1, 2.0 / 3)]
    [InlineData(2, 5 * 0.75 * 0.6 / ((4 * 0.75) + 0.6))]
    [InlineData(0.5, 1.25 * 0.75 * 0.6 / ((0.25 * 0.75) + 0.6))]
    public void Beta_says_how_much_more_recall_counts(double beta, double expected)
    {
        Confusion confusion = new(TruePositives: 3, FalsePositives: 1, FalseNegatives: 2, TrueNegatives: 4);

        Assert.Equal(expected, confusion.FScore(beta), 1e-12);
        Assert.Equal(confusion.F1, confusion.FScore(1), 1e-12);
        Assert.Equal(0, new Confusion(0, 0, 0, 3).FScore(2));
    }

    [ParityFact("functions/confusion.json")]
    public void Its_averages_equal_scikit_learn()
    {
        JsonElement reference = ParityData.Read("functions/confusion.json");
        JsonElement multiLabel = reference.GetProperty("multi_label");
        double[][] scores = multiLabel.GetProperty("scores").Deserialize<double[][]>()!;
        int[][] targets = multiLabel.GetProperty("targets").Deserialize<int[][]>()!;
        AssertAverages(multiLabel, new ConfusionReport([.. Enumerable.Range(0, 17).Select(c => Confusion.Compute(
            scores.Select(row => row[c]).ToArray(), targets.Select(row => row[c] == 1).ToArray(), 0.5))]));

        // One class a sample is a case of several: class by class, said or not.
        JsonElement singleLabel = reference.GetProperty("single_label");
        int[] there = singleLabel.GetProperty("y_true").Deserialize<int[]>()!;
        int[] said = singleLabel.GetProperty("y_pred").Deserialize<int[]>()!;
        AssertAverages(singleLabel, new ConfusionReport([.. Enumerable.Range(0, 17).Select(c => Confusion.Compute(
            said.Select(entry => entry == c ? 1.0 : 0).ToArray(), there.Select(entry => entry == c).ToArray(), 0.5))]));
    }

    private static void AssertAverages(JsonElement reference, ConfusionReport report)
    {
        Assert.Equal(reference.GetProperty("fp").Deserialize<int[]>(), report.Classes.Select(entry => entry.FalsePositives));
        AssertAverage(reference.GetProperty("micro"), new PrecisionRecallF1(report.Micro.Precision, report.Micro.Recall, report.Micro.F1));
        AssertAverage(reference.GetProperty("macro"), report.Macro);
        AssertAverage(reference.GetProperty("weighted"), report.Weighted);
    }

    private static void AssertAverage(JsonElement reference, PrecisionRecallF1 average)
    {
        Assert.Equal(reference.GetProperty("precision").GetDouble(), average.Precision, 1e-12);
        Assert.Equal(reference.GetProperty("recall").GetDouble(), average.Recall, 1e-12);
        Assert.Equal(reference.GetProperty("f1").GetDouble(), average.F1, 1e-12);
    }

    [ParityFact("functions/confusion.json")]
    public void It_equals_scikit_learn_for_every_class()
    {
        JsonElement reference = ParityData.Read("functions/confusion.json");
        JsonElement multiLabel = reference.GetProperty("multi_label");
        double[][] scores = multiLabel.GetProperty("scores").Deserialize<double[][]>()!;
        int[][] targets = multiLabel.GetProperty("targets").Deserialize<int[][]>()!;
        for (int c = 0; c < targets[0].Length; c++)
        {
            Confusion confusion = Confusion.Compute(
                scores.Select(row => row[c]).ToArray(), targets.Select(row => row[c] == 1).ToArray(), 0.5);

            Assert.Equal(multiLabel.GetProperty("tp")[c].GetInt32(), confusion.TruePositives);
            Assert.Equal(multiLabel.GetProperty("fp")[c].GetInt32(), confusion.FalsePositives);
            Assert.Equal(multiLabel.GetProperty("fn")[c].GetInt32(), confusion.FalseNegatives);
            Assert.Equal(multiLabel.GetProperty("tn")[c].GetInt32(), confusion.TrueNegatives);
            Assert.Equal(multiLabel.GetProperty("precision")[c].GetDouble(), confusion.Precision, 1e-12);
            Assert.Equal(multiLabel.GetProperty("recall")[c].GetDouble(), confusion.Recall, 1e-12);
            Assert.Equal(multiLabel.GetProperty("f1")[c].GetDouble(), confusion.F1, 1e-12);
        }
    }
}
