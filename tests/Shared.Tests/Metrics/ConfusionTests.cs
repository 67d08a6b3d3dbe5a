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
