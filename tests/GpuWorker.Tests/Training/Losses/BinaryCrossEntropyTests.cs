using CloudPipe.GpuWorker.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Losses;

[Collection(TorchCollection.Name)]
public sealed class BinaryCrossEntropyTests
{
    // By hand: -ln σ(1) - ln(1 - σ(2)), and with targets 0.9 and 0.1 in place of 1 and 0.
    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    public void Loss_is_the_sum_over_classes(double smoothing)
    {
        using DisposeScope scope = NewDisposeScope();
        double expected = Entropy(1, 1 - (smoothing / 2)) + Entropy(2, smoothing / 2);

        Tensor loss = new BinaryCrossEntropy(smoothing).Compute(tensor(new[,] { { 1.0, 2.0 } }), tensor(new[,] { { 1.0, 0.0 } }));

        Assert.Equal(expected, loss.item<double>(), 1e-12);
    }

    private static double Entropy(double logit, double target)
    {
        double probability = 1 / (1 + Math.Exp(-logit));
        return -((target * Math.Log(probability)) + ((1 - target) * Math.Log(1 - probability)));
    }
}
