using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Sampling;

namespace CloudPipe.GpuWorker.Tests.Training.Sampling;

public sealed class ClassBalanceTests
{
    // Ninety clips of class 0, nine of class 1, one of both classes 1 and 2.
    private static readonly IReadOnlyList<int>[] Labels = [.. Enumerable.Repeat<IReadOnlyList<int>>([0], 90), .. Enumerable.Repeat<IReadOnlyList<int>>([1], 9), [1, 2]];

    [Fact]
    public void Beta_of_zero_draws_each_clip_once() =>
        Assert.Equal(Enumerable.Range(0, 100), new ClassBalance(Labels, beta: 0).Sample(new CounterRandom(3)).Order());

    [Fact]
    public void Draws_follow_the_effective_number_of_clips()
    {
        var balance = new ClassBalance(Labels, beta: 0.9);

        double[] weights = [Weight(90), Weight(10), Weight(1)];
        double total = (90 * weights[0]) + (9 * weights[1]) + weights[2];
        Assert.Equal(100 * weights[0] / total, balance.Draws[0], 1e-12);
        Assert.Equal(100 * weights[1] / total, balance.Draws[90], 1e-12);
        Assert.Equal(100 * weights[2] / total, balance.Draws[99], 1e-12);

        static double Weight(int clips) => (1 - 0.9) / (1 - Math.Pow(0.9, clips));
    }

    [Fact]
    public void An_epoch_draws_each_clip_its_number_of_times_rounded_up_or_down()
    {
        var balance = new ClassBalance(Labels, beta: 0.999);
        for (int epoch = 0; epoch < 20; epoch++)
        {
            int[] sample = balance.Sample(new CounterRandom(1).At(epoch));
            Assert.Equal(Labels.Length, sample.Length);
            for (int clip = 0; clip < Labels.Length; clip++)
                Assert.InRange(sample.Count(drawn => drawn == clip), Math.Floor(balance.Draws[clip]), Math.Ceiling(balance.Draws[clip]));
        }

        Assert.True(balance.Draws[99] > 10);
    }

    [Fact]
    public void The_same_place_draws_the_same_and_another_place_others()
    {
        var balance = new ClassBalance(Labels, beta: 0.999);

        Assert.Equal(balance.Sample(new CounterRandom(1).At(2)), balance.Sample(new CounterRandom(1).At(2)));
        Assert.NotEqual(balance.Sample(new CounterRandom(1).At(2)), balance.Sample(new CounterRandom(1).At(3)));
    }

    [Fact]
    public void Clips_without_a_class_are_one_class()
    {
        var balance = new ClassBalance([[], [], [], [0]], beta: 0.99);

        Assert.True(balance.Draws[3] > 1.5 && balance.Draws[0] == balance.Draws[2]);
    }
}
