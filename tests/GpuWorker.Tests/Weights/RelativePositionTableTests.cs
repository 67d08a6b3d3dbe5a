using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Weights;

[Collection(TorchCollection.Name)]
public sealed class RelativePositionTableTests
{
    [Fact]
    public void A_table_of_the_same_size_stays()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor table = rand(169, 3);

        Tensor resized = RelativePositionTable.Resize(table, new TokenSize(7, 7));

        Assert.Equal(table.data<float>(), resized.data<float>());
        table.zero_();
        Assert.NotEqual(0, resized.sum().item<float>());
    }

    [Fact]
    public void A_smaller_window_takes_the_middle()
    {
        using DisposeScope scope = NewDisposeScope();

        // Offsets (-2, -2) … (2, 2) hold 0 … 24.
        float[] resized = [.. RelativePositionTable.Resize(Table(3, 1, i => i), new TokenSize(2, 2)).data<float>()];

        Assert.Equal([6, 7, 8, 11, 12, 13, 16, 17, 18], resized);
    }

    [Fact]
    public void A_larger_window_keeps_near_offsets_and_repeats_the_edge()
    {
        using DisposeScope scope = NewDisposeScope();

        float[] resized = [.. RelativePositionTable.Resize(Table(2, 1, i => i), new TokenSize(3, 3)).data<float>()];

        Assert.Equal([0, 0, 1, 2, 2, 0, 0, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6, 7, 8, 8, 6, 6, 7, 8, 8], resized);
    }

    // Old offsets 0, ±1, ±2 lie at 0, ±1, ±2.5 among the new ones: steps grow by 1.5 at most.
    [Fact]
    public void A_table_that_is_linear_in_the_offset_stays_linear_between_old_offsets()
    {
        using DisposeScope scope = NewDisposeScope();

        float[] resized = [.. RelativePositionTable.Resize(Table(3, 1, i => (i % 5) - 2), new TokenSize(1, 4)).data<float>()];

        Assert.All(new[] { -2, -5 / 3.0, -1, 0, 1, 5 / 3.0, 2 }.Zip(resized), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    // timm v1.0.28's resize_rel_pos_bias_table on the same tables, torch 1.13.
    [Fact]
    public void Numbers_are_timms()
    {
        using DisposeScope scope = NewDisposeScope();
        float[] larger = [.. RelativePositionTable.Resize(Table(7, 1, i => i * i % 13), new TokenSize(12, 12)).data<float>()];
        float[] oblong = [.. RelativePositionTable.Resize(Table(12, 1, i => i * i % 13), new TokenSize(6, 3)).data<float>()];
        float[] twoHeads = [.. RelativePositionTable.Resize(Table(2, 2, i => i * i), new TokenSize(2, 4)).data<float>()];

        AssertNear([(0, 0.00001), (1, 0.34012), (23, 0.00001), (37, 7.56093), (100, 5.95938), (200, 6.83215), (263, 12), (300, 0.34012), (417, 1.07574), (528, 1.00002)], larger);
        Assert.Equal(2747.28747, larger.Sum(value => (double)value), 1e-3);
        AssertNear([(0, 2.8892), (6, 3.82411), (12, 0.26559), (18, 4.07922), (24, 3.08912), (30, 0.9901), (36, 8.91088), (42, 11.76392), (48, 9.58959), (54, 3.73315)], oblong);
        Assert.Equal(336.65094, oblong.Sum(value => (double)value), 1e-3);
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 4, 8, 4, 8, 9, 18, 9, 18, 9, 18, 16, 32, 25, 50, 25, 50, 25, 50, 36, 72, 36, 72, 36, 72, 49, 98, 64, 128, 64, 128, 64, 128], twoHeads);
    }

    [Fact]
    public void A_window_of_one_token_gives_its_bias_to_all()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.All(RelativePositionTable.Resize(Table(1, 1, _ => 5), new TokenSize(3, 2)).data<float>().ToArray(), value => Assert.Equal(5, value));
    }

    [Fact]
    public void A_table_of_an_oblong_window_cannot_be_resized()
    {
        using DisposeScope scope = NewDisposeScope();

        Assert.Contains("45", Assert.Throws<ArgumentException>(() => RelativePositionTable.Resize(zeros(45, 3), new TokenSize(7, 7))).Message, StringComparison.Ordinal);
    }

    /// <summary>A square window's table with a value for each row, the second head's twice the first's.</summary>
    private static Tensor Table(int window, int heads, Func<int, int> value)
    {
        int rows = ((2 * window) - 1) * ((2 * window) - 1);
        return tensor([.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(1, heads).Select(head => (float)(value(row) * head)))], [rows, heads]);
    }

    private static void AssertNear((int Index, double Value)[] expected, float[] actual) =>
        Assert.All(expected, entry => Assert.Equal(entry.Value, actual[entry.Index], 3e-5));
}
