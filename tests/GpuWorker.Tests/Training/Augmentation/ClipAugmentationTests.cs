using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Augmentation;
using CloudPipe.Runs;

namespace CloudPipe.GpuWorker.Tests.Training.Augmentation;

public sealed class ClipAugmentationTests
{
    private const int Draws = 4000;

    [Fact]
    public void The_papers_recipe_has_none() => Assert.Empty(Draw(new TrainingRecipe()).SelectMany(operations => operations));

    [Fact]
    public void Turns_go_both_ways_as_far_as_asked()
    {
        double[] turns = [.. Draw(new TrainingRecipe { Rotation = 15 }).Select(operations => Assert.Single(operations)).Select(operation => operation.Magnitude)];

        Assert.All(turns, turn => Assert.InRange(turn, -15, 15));
        Assert.InRange(turns.Average(), -0.6, 0.6); // 15 / √3 / √4000 is 0.14
        Assert.InRange(turns.Max(), 14.9, 15);
        Assert.InRange(turns.Min(), -15, -14.9);
    }

    [Fact]
    public void Colors_vary_as_far_as_asked_in_any_order()
    {
        TileOperation[][] drawn = Draw(new TrainingRecipe { ColorJitter = new(0.4, 1.5, 0, 0.1) });

        Assert.All(drawn, operations => Assert.Equal(
            [TileOperationKind.Brightness, TileOperationKind.Contrast, TileOperationKind.Hue], operations.Select(operation => operation.Kind).Order()));
        Assert.Equal(6, drawn.Select(operations => string.Join(' ', operations.Select(operation => operation.Kind))).Distinct().Count());
        AssertRange(TileOperationKind.Brightness, -0.4, 0.4);
        AssertRange(TileOperationKind.Contrast, -1, 1.5);
        AssertRange(TileOperationKind.Hue, -0.1, 0.1);

        void AssertRange(TileOperationKind kind, double least, double most)
        {
            double[] magnitudes = [.. drawn.SelectMany(operations => operations).Where(operation => operation.Kind == kind).Select(operation => operation.Magnitude)];
            Assert.All(magnitudes, magnitude => Assert.InRange(magnitude, least, most));
            Assert.Equal(least, magnitudes.Min(), 0.01 * (most - least));
            Assert.Equal(most, magnitudes.Max(), 0.01 * (most - least));
            Assert.Equal((least + most) / 2, magnitudes.Average(), 0.03 * (most - least));
        }
    }

    [Fact]
    public void RandAugment_draws_as_many_as_asked_of_14_alike()
    {
        TileOperation[][] drawn = Draw(new TrainingRecipe { Augmentation = AugmentationKind.RandAugment, RandAugmentOperations = 3, RandAugmentMagnitude = 30 });

        Assert.All(drawn, operations => Assert.Equal(3, operations.Length));
        int[] counts = [.. drawn.SelectMany(operations => operations).CountBy(operation => operation.Kind).Select(pair => pair.Value)];
        Assert.Equal(14, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 700, 1010)); // binomial(12000, 1/14): mean 857, deviation 28
        Assert.Equal([-30, 30], drawn.SelectMany(operations => operations).Where(operation => operation.Kind == TileOperationKind.Rotate).Select(operation => operation.Magnitude).Distinct().Order());
        Assert.InRange(drawn.Count(operations => operations[0].Kind == operations[1].Kind), 200, 380); // each by itself: 1/14 of 4000
    }

    [Fact]
    public void AutoAugment_applies_each_step_as_often_as_its_policy_says()
    {
        TileOperation[][] drawn = Draw(new TrainingRecipe { Augmentation = AugmentationKind.AutoAugment });

        (PolicyStep First, PolicyStep Second)[] policy = AutoAugmentPolicy.ImageNet;
        foreach (TileOperationKind kind in policy.SelectMany(pair => new[] { pair.First.Kind, pair.Second.Kind }).Distinct())
        {
            double expected = policy.Sum(pair => (pair.First.Kind == kind ? pair.First.Probability : 0) + (pair.Second.Kind == kind ? pair.Second.Probability : 0)) / policy.Length;
            double actual = (double)drawn.Sum(operations => operations.Count(operation => operation.Kind == kind)) / Draws;
            Assert.Equal(expected, actual, 0.05);
        }
    }

    private static TileOperation[][] Draw(TrainingRecipe recipe)
    {
        var augmentation = new ClipAugmentation(recipe, tileSize: 64);
        return [.. Enumerable.Range(0, Draws).Select(clip => augmentation.Draw(new CounterRandom(11).At(clip)).ToArray())];
    }
}
