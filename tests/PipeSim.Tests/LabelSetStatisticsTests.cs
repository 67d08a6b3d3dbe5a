namespace CloudPipe.PipeSim.Tests;

public sealed class LabelSetStatisticsTests
{
    // QV-Pipe's training videos per class, in the order of the class list.
    private static readonly int[] Published = [1690, 1502, 1128, 770, 646, 270, 492, 521, 374, 243, 340, 223, 164, 100, 98, 228, 133];

    [Fact]
    public void The_class_order_is_the_one_whose_counts_are_published() =>
        Assert.Equal(Published, LabelSetStatistics.QvPipe.VideosPerClass);

    [Fact]
    public void No_two_classes_have_the_same_count_so_the_order_is_unique() =>
        Assert.Equal(Published.Length, Published.Distinct().Count());

    [Fact]
    public void Normal_stands_alone() =>
        Assert.All(Enumerable.Range(1, 16), other => Assert.Equal(0, LabelSetStatistics.QvPipe.CoOccurrences(0, other)));

    [Fact]
    public void Sampled_labels_are_as_frequent_and_as_co_occurring_as_the_real_ones()
    {
        const int samples = 40_000;
        var statistics = LabelSetStatistics.QvPipe;
        var random = new HashRandom(7);
        var counts = new int[17, 17];
        for (var i = 0; i < samples; i++)
        {
            var labels = statistics.Sample(ref random);
            foreach (var a in labels)
                foreach (var b in labels) counts[a, b]++;
        }

        for (var a = 0; a < 17; a++)
            for (var b = a; b < 17; b++)
            {
                var expected = samples * (double)statistics.CoOccurrences(a, b) / statistics.Videos;
                // Five standard deviations of a count.
                Assert.InRange(counts[a, b], expected - 5 * Math.Sqrt(expected) - 1, expected + 5 * Math.Sqrt(expected) + 1);
            }
    }

    [Fact]
    public void Videos_from_seeds_carry_labels_of_that_distribution()
    {
        const int videos = 600;
        var labels = Enumerable.Range(0, videos)
            .SelectMany(i => PipeVideo.FromSeed(HashRandom.Combine(3, (ulong)i), new()).Labels).CountBy(label => label).ToDictionary();
        Assert.All((int[])[0, 1, 2, 3, 4], label =>
        {
            var expected = videos * (double)Published[label] / LabelSetStatistics.QvPipe.Videos;
            Assert.InRange(labels[label], expected - 4.5 * Math.Sqrt(expected), expected + 4.5 * Math.Sqrt(expected));
        });
    }
}
