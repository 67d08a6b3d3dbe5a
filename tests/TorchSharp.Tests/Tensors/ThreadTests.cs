using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class ThreadTests
{
    [Fact]
    public void The_number_of_threads_can_be_set()
    {
        int before = get_num_threads();
        try
        {
            set_num_threads(2);
            Assert.Equal(2, get_num_threads());
            set_num_threads(1);
            Assert.Equal(1, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void Tensors_may_be_made_and_used_on_many_threads_at_once()
    {
        double[] sums = new double[8];
        Parallel.For(0, sums.Length, i =>
        {
            using var scope = NewDisposeScope();
            Tensor x = full(100, (double)i, dtype: float64, requires_grad: true);
            for (int step = 0; step < 50; step++)
                (x * x).sum().backward();
            sums[i] = x.grad!.sum().ToDouble();
        });
        Assert.Equal(Enumerable.Range(0, 8).Select(i => 50.0 * 100 * 2 * i), sums);
    }
}
