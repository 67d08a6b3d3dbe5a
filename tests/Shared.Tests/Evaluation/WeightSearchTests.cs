using CloudPipe.Evaluation;
using CloudPipe.Metrics;

namespace CloudPipe.Shared.Tests.Evaluation;

public class WeightSearchTests
{
    [Fact]
    public void The_objective_is_the_mean_average_precision_of_the_weighted_rows()
    {
        RunPredictions run = SyntheticRun.Create(200, [1, 2, 3]);
        OutOfFoldTable table = OutOfFoldTable.Assemble(run);
        int[] some = [.. Enumerable.Range(0, 200).Where(sample => sample % 3 != 0)];
        var objective = new WeightObjective(table.Probabilities, run.Labels, some, 17);

        foreach (double[] weights in new double[][] { [1, 0, 0], [1, 1, 1], [3, 1, 2] })
        {
            double[][] rows = [.. some.Select(sample => Enumerable.Range(0, 17).Select(c => weights.Select((weight, model) => weight * table.Probabilities[model][sample][c]).Sum()).ToArray())];

            Assert.Equal(AveragePrecision.Report(rows, [.. some.Select(sample => run.Labels[sample])], 17).Macro, objective.Evaluate(weights), 1e-12);
        }
    }

    [Fact]
    public void The_objective_takes_ties_as_one_threshold()
    {
        double[][][] rows = [[[0.5], [0.5], [0.5], [0.2], [0.2], [0.9]]];
        int[][] labels = [[0], [], [0], [0], [], []];
        var objective = new WeightObjective(rows, labels, [0, 1, 2, 3, 4, 5], 1);

        Assert.Equal(AveragePrecision.Compute([0.5, 0.5, 0.5, 0.2, 0.2, 0.9], [true, false, true, true, false, false]), objective.Evaluate([1]), 1e-15);
    }

    [Fact]
    public void What_only_disturbs_gets_no_weight_and_of_two_that_see_different_things_both_get_some()
    {
        // Model 0 ranks class 0 rightly and knows nothing of class 1, model 1 the other way round, model 2 is always wrong.
        int[][] labels = [.. Enumerable.Range(0, 80).Select(i => i % 4 == 0 ? new[] { 0 } : i % 4 == 1 ? [1] : [])];
        double[][] Rows(double first, double second) => [.. labels.Select((label, i) => new[] { Said(first, label.Contains(0), i), Said(second, label.Contains(1), i) })];
        double[][][] probabilities = [Rows(0.4, 0), Rows(0, 0.4), Rows(-0.4, -0.4)];
        var objective = new WeightObjective(probabilities, labels, [.. Enumerable.Range(0, 80)], 2);

        double[] weights = WeightSearch.Search(objective, [.. Enumerable.Range(0, 3).Select(model => objective.Evaluate([.. Enumerable.Range(0, 3).Select(other => other == model ? 1.0 : 0)]))]);

        Assert.Equal(1, weights.Sum(), 1e-12);
        Assert.Equal(1, objective.Evaluate(weights), 1e-12);
        Assert.True(weights[2] < 1.0 / 3 && weights[0] > 0.1 && weights[1] > 0.1, string.Join(' ', weights));

        static double Said(double right, bool isThere, int i) => 0.5 + (isThere ? right : -right) + (0.1 * ((i * 37 % 41 / 41.0) - 0.5));
    }

    [Fact]
    public void Of_equals_the_one_nearest_to_equal_weights_wins()
    {
        // Two models that say the same: no weights are better than others.
        double[][] rows = [[0.9], [0.4], [0.6], [0.1]];
        var objective = new WeightObjective([rows, rows], [[0], [0], [], []], [0, 1, 2, 3], 1);

        Assert.Equal([0.5, 0.5], WeightSearch.Search(objective, [0.8, 0.8]));
    }

    [Fact]
    public void On_a_coarse_grid_nothing_is_better()
    {
        RunPredictions run = SyntheticRun.Create(300, [1.2, 1.8, 2.6]);
        OutOfFoldTable table = OutOfFoldTable.Assemble(run);
        var objective = new WeightObjective(table.Probabilities, run.Labels, [.. Enumerable.Range(0, 300)], 17);
        double[] scores = [.. Enumerable.Range(0, 3).Select(model => objective.Evaluate([.. Enumerable.Range(0, 3).Select(other => other == model ? 1.0 : 0)]))];

        double found = objective.Evaluate(WeightSearch.Search(objective, scores));

        for (int first = 0; first <= 10; first++)
        {
            for (int second = 0; first + second <= 10; second++)
                Assert.True(objective.Evaluate([first, second, 10 - first - second]) <= found + 1e-3, $"{first} {second}");
        }
    }
}
