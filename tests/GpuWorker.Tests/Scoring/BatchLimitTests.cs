using System.Runtime.InteropServices;
using CloudPipe.GpuWorker.Scoring;

namespace CloudPipe.GpuWorker.Tests.Scoring;

public sealed class BatchLimitTests
{
    private static readonly ExternalException OutOfMemory = new("CUDA out of memory. Tried to allocate 2.00 GiB");

    [Fact]
    public void On_an_accelerator_batches_double_until_one_does_not_fit()
    {
        var limit = new BatchLimit(fixedSize: 0, isCpu: false);
        var sizes = new List<int>();
        for (int pass = 0; pass < 7; pass++)
        {
            sizes.Add(limit.Size);
            if (limit.Size > 6)
                Assert.True(limit.Shrinks(OutOfMemory, limit.Size));
            else
                limit.Fitted();
        }

        Assert.Equal([1, 2, 4, 8, 4, 4, 4], sizes);
    }

    [Fact]
    public void On_the_cpu_images_go_singly()
    {
        var limit = new BatchLimit(fixedSize: 0, isCpu: true);
        limit.Fitted();

        Assert.Equal(1, limit.Size);
    }

    [Fact]
    public void A_size_that_was_asked_for_stays_unless_it_does_not_fit()
    {
        var limit = new BatchLimit(fixedSize: 8, isCpu: true);
        limit.Fitted();
        Assert.Equal(8, limit.Size);

        Assert.True(limit.Shrinks(OutOfMemory, 8));
        Assert.Equal(4, limit.Size);
    }

    [Fact]
    public void Other_failures_and_single_images_are_not_tried_again()
    {
        var limit = new BatchLimit(fixedSize: 8, isCpu: false);

        Assert.False(limit.Shrinks(new ExternalException("mat1 and mat2 shapes cannot be multiplied"), 8));
        Assert.False(limit.Shrinks(OutOfMemory, 1));
    }
}
