using System.Text.Json;
using CloudPipe.Folds;
using CloudPipe.Labels;
using CloudPipe.Tests.Support;
using Xunit.Abstractions;

namespace CloudPipe.Shared.Tests.Folds;

public class IterativeStratificationTests(ITestOutputHelper output)
{
    [Fact]
    public void A_rare_label_lands_once_in_every_fold()
    {
        int[][] labels = [.. Enumerable.Range(0, 50).Select(i => i < 5 ? new[] { 0, 1 } : i % 2 == 0 ? [1] : [2])];

        int[] folds = IterativeStratification.Assign(labels, 5, order: 1, seed: 3);

        Assert.Equal([0, 1, 2, 3, 4], folds.Take(5).Order());
        Assert.Equal(0, FoldBalance.ExamplesDistribution(folds, 5));
    }

    [Fact]
    public void Order_2_spreads_pairs_that_order_1_leaves_together()
    {
        // Labels 0 and 1 are each even in many ways; the pair occurs five times.
        int[][] labels = [.. Enumerable.Range(0, 55).Select(i => i < 5 ? new[] { 0, 1 } : i < 30 ? [0] : [1])];

        int[] folds = IterativeStratification.Assign(labels, 5, order: 2, seed: 1);

        Assert.Equal([0, 1, 2, 3, 4], folds.Take(5).Order());
    }

    [Fact]
    public void Samples_without_labels_fill_up_the_folds()
    {
        int[][] labels = [[0], [], [], [0], [], [], []];

        int[] folds = IterativeStratification.Assign(labels, 3, order: 1, seed: 0);

        Assert.NotEqual(folds[0], folds[3]);
        Assert.Equal([2, 2, 3], folds.CountBy(fold => fold).Select(pair => pair.Value).Order());
    }

    [Fact]
    public void The_seed_decides_and_nothing_else()
    {
        int[][] labels = [.. Enumerable.Range(0, 60).Select(i => new[] { i % 3, 3 + (i % 4) })];

        Assert.Equal(IterativeStratification.Assign(labels, 5, 2, seed: 7), IterativeStratification.Assign(labels, 5, 2, seed: 7));
        Assert.NotEqual(IterativeStratification.Assign(labels, 5, 2, seed: 7), IterativeStratification.Assign(labels, 5, 2, seed: 8));
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(4, 2, 3)]
    [InlineData(4, 5, 1)]
    public void What_cannot_be_split_is_refused(int samples, int folds, int order) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            IterativeStratification.Assign(Enumerable.Repeat(new[] { 0 }, samples).ToArray(), folds, order, seed: 0));

    [Fact]
    public void The_label_distribution_is_the_mean_distance_of_the_odds()
    {
        // Two folds of two; the label once in the first, never in the second: |1/1 - 1/3| and |0 - 1/3|.
        Assert.Equal(((2.0 / 3) + (1.0 / 3)) / 2, FoldBalance.LabelDistribution([[0], [], [], []], [0, 0, 1, 1], 2), 1e-12);
    }

    [Fact]
    public void A_set_that_can_be_split_without_a_remainder_is()
    {
        int[][] exact = [.. Enumerable.Range(0, 100).Select(i => new[] { i % 4 })];
        Assert.Equal(0, FoldBalance.LabelDistribution(exact, IterativeStratification.Assign(exact, 5, 1, seed: 0), 5), 1e-12);
    }

    [ParityFact("functions/iterative_stratification.json")]
    public void The_folds_are_as_even_as_the_reference_s()
    {
        JsonElement reference = ParityData.Read("functions/iterative_stratification.json");
        int[][] labels = reference.GetProperty("label_indices_by_row").Deserialize<int[][]>()!;
        foreach (JsonElement sample in reference.GetProperty("cases").EnumerateArray())
        {
            int order = sample.GetProperty("order").GetInt32();
            int[] theirs = sample.GetProperty("fold_of_sample").Deserialize<int[]>()!;
            Assert.Equal(sample.GetProperty("LD").GetDouble(), FoldBalance.LabelDistribution(labels, theirs, 5), 1e-12);
            Assert.Equal(sample.GetProperty("ED").GetDouble(), FoldBalance.ExamplesDistribution(theirs, 5), 1e-12);

            int[] folds = IterativeStratification.Assign(labels, 5, order, sample.GetProperty("random_state").GetInt32());

            double distribution = FoldBalance.LabelDistribution(labels, folds, 5);
            int pairs = PairsWithoutEvidence(labels, folds);
            output.WriteLine($"order {order}: LD {distribution} (reference {sample.GetProperty("LD").GetDouble()}), pairs missing {pairs} (reference {sample.GetProperty("pairs_order2_without_evidence").GetInt32()})");
            Assert.True(distribution <= sample.GetProperty("LD").GetDouble(), $"LD {distribution} is worse than the reference's.");
            Assert.Equal(0, FoldBalance.ExamplesDistribution(folds, 5), 1e-12);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_class_has_its_share_of_the_real_labels_in_every_fold(int order)
    {
        int[][] labels = RealLabels();
        double worst = 0;
        foreach (int seed in Enumerable.Range(0, 6))
        {
            int[] folds = IterativeStratification.Assign(labels, 5, order, seed);

            int[] sizes = [.. Enumerable.Range(0, 5).Select(fold => folds.Count(other => other == fold))];
            Assert.True(sizes.Max() - sizes.Min() <= 1, string.Join(' ', sizes));
            for (int c = 0; c < 17; c++)
            {
                double share = labels.Count(sample => sample.Contains(c)) / 5.0;
                for (int fold = 0; fold < 5; fold++)
                {
                    int count = Enumerable.Range(0, labels.Length).Count(i => folds[i] == fold && labels[i].Contains(c));
                    Assert.True(Math.Abs(count - share) <= Math.Max(1, 0.02 * share), $"seed {seed}: class {c} has {count} in fold {fold}, its share is {share}.");
                    worst = Math.Max(worst, Math.Abs(count - share) / share);
                }
            }
        }

        output.WriteLine($"order {order}: the class that is furthest off misses {worst:P2} of its share");
    }

    [Fact]
    public void Folds_that_are_even_already_stay_as_the_seed_made_them()
    {
        // Pinned: a run that is continued tomorrow must find its folds again.
        int[][] labels = [.. Enumerable.Range(0, 400).Select(i => Enumerable.Range(0, 9).Where(c => ((i * 7) + (c * c * 3)) % (3 + c) == 0).ToArray())];

        Assert.Equal("C6A8804F7CF6356F", Hash(IterativeStratification.Assign(labels, 5, order: 1, seed: 4)));
        Assert.Equal("B351400F222C4AB9", Hash(IterativeStratification.Assign(labels, 5, order: 2, seed: 4)));
    }

    [Fact]
    public void A_label_that_stands_alone_gets_its_share_although_it_comes_last()
    {
        // 'Normal' (0) is the most frequent and stands alone; how many others a fold got decides how much room it finds.
        var random = new SplitMix64(3);
        int[][] labels = [.. Enumerable.Range(0, 2000).Select(i => i % 4 == 0 ? new[] { 0 } : [.. Enumerable.Range(1, 16).Where(c => random.Next(1000) < 6000 / (16 + c))])];

        foreach (int seed in Enumerable.Range(0, 10))
        {
            int[] folds = IterativeStratification.Assign(labels, 5, order: 1, seed);

            int[] normal = [.. Enumerable.Range(0, 5).Select(fold => Enumerable.Range(0, labels.Length).Count(i => folds[i] == fold && labels[i].Contains(0)))];
            Assert.All(normal, count => Assert.InRange(count, 98, 102));
        }
    }

    [Fact]
    public void Labels_that_stand_twice_count_once()
    {
        int[][] once = [.. Enumerable.Range(0, 40).Select(i => new[] { i % 3, 3 + (i % 4) })];
        int[][] twice = [.. once.Select(sample => new[] { sample[1], sample[0], sample[1] })];

        Assert.Equal(IterativeStratification.Assign(once, 5, 2, seed: 2), IterativeStratification.Assign(twice, 5, 2, seed: 2));
    }

    [Fact]
    public void The_real_labels_are_split_more_evenly_than_by_chance()
    {
        int[][] labels = RealLabels();
        int[] byTurn = [.. Enumerable.Range(0, labels.Length).Select(i => i % 5)];

        int[] folds = IterativeStratification.Assign(labels, 5, order: 2, seed: 1);

        double distance = FoldBalance.LabelDistribution(labels, folds, 5);
        output.WriteLine($"LD {distance}, in turn {FoldBalance.LabelDistribution(labels, byTurn, 5)}");
        Assert.True(distance < 0.2 * FoldBalance.LabelDistribution(labels, byTurn, 5), $"LD {distance}");
        Assert.True(FoldBalance.ExamplesDistribution(folds, 5) < 1);
    }

    // In a clone without QV-Pipe's labels: as many videos with as skewed a distribution, made by a formula.
    private static int[][] RealLabels() => ParityData.QvPipeLabels() is byte[] json
        ? [.. QvPipeLabels.Read(json, QvPipeTaxonomy.Taxonomy).Select(video => video.Labels.ToArray())]
        : [.. Enumerable.Range(0, 6399).Select(i => Enumerable.Range(0, 17).Where(c => (i + (7 * c)) % (4 + (c * c)) == 0).ToArray())];

    private static string Hash(int[] folds) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([.. folds.Select(fold => (byte)fold)]))[..16];

    private static int PairsWithoutEvidence(int[][] labels, int[] folds)
    {
        var there = new HashSet<(int, int, int)>();
        var pairs = new HashSet<(int, int)>();
        for (int i = 0; i < labels.Length; i++)
        {
            foreach (int first in labels[i])
            {
                foreach (int second in labels[i].Where(second => second >= first))
                {
                    pairs.Add((first, second));
                    there.Add((first, second, folds[i]));
                }
            }
        }

        return (pairs.Count * 5) - there.Count;
    }
}
