using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Scoring.Profiling;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Scoring;

[Collection(TorchCollection.Name)]
public sealed class OperationCounterTests
{
    // Billions with 1000 classes, from timm v1.0.28's results/benchmark-infer-amp-nchw-pt240-cu124-rtx3090.csv; of NFNet and
    // EfficientNet from their papers (table 1 of arXiv 2102.06171, table 2 of 1905.11946), since timm counts norms there.
    [Theory]
    [InlineData("convnext_atto", 224, 0.55)]
    [InlineData("convnext_atto", 288, 0.91)]
    [InlineData("dm_nfnet_f0", 256, 12.38)]
    [InlineData("ecaresnet26t", 256, 3.35)]
    [InlineData("resnet26", 224, 2.36)]
    [InlineData("resnet50", 160, 2.1)]
    [InlineData("swin_tiny_patch4_window7_224", 224, 4.51)]
    [InlineData("tf_efficientnet_b0", 224, 0.39)]
    [InlineData("tresnet_m", 224, 5.75)]
    public void The_count_is_the_published_one(string architecture, int side, double billions)
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(1000, InputSize: new(side, side), DrawWeights: false));
        network.eval();
        using var counter = new OperationCounter(network);

        network.call(zeros(1, 3, side, side));

        Assert.InRange(counter.Total / 1e9, (billions * 0.99) - 0.005, (billions * 1.01) + 0.005);
    }

    [Fact]
    public void Ml_decoder_s_attention_is_counted()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("resnet26+ml_decoder", new ModelOptions(17, DrawWeights: false));
        using nn.Module<Tensor, Tensor> plain = ModelCatalog.Create("resnet26", new ModelOptions(17, DrawWeights: false));
        network.eval();
        plain.eval();
        using var counter = new OperationCounter(network);
        using var plainCounter = new OperationCounter(plain);

        network.call(zeros(1, 3, 96, 96));
        plain.call(zeros(1, 3, 96, 96));

        // 9 tokens of 2048 channels and 17 queries of 768: embedding, three projections, two products of attention, its output,
        // two linear layers of 2048, a row of weights a class; without the plain head's linear layer.
        double expected = (9 * 2048 * 768) + ((17 + 18) * 768 * 768) + (2 * 17 * 9 * 768) + (17 * 768 * 768) + (2 * 17 * 768 * 2048) + (17 * 768) - (2048 * 17);
        Assert.Equal(expected, counter.Total - plainCounter.Total);
    }

    [Fact]
    public void A_profile_has_every_figure()
    {
        long before = LiveTensors.CountSettled();
        var profiler = new MemberProfiler(new() { Device = "cpu" }, passes: 1);

        MemberProfile profile = profiler.Measure("convnext_atto", 17, 96);

        Assert.Equal(("convnext_atto", 96, 3379977L), (profile.Architecture, profile.SuperImageSide, profile.Parameters));
        Assert.InRange(profile.SecondsPerImage, 1e-4, 60);
        Assert.InRange(profile.CeilingShare, 1e-4, 2);
        Assert.True(profile.PeakBytes is null or > 10_000_000);
        Assert.Equal(before, Tensor.TotalCount);
    }
}
