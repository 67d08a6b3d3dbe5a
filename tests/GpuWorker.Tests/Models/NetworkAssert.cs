using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

/// <summary>What holds for the networks of every family.</summary>
internal static class NetworkAssert
{
    /// <summary>With 1000 classes, to two digits after the point.</summary>
    public static void HasParameters(double millions, string architecture)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(1000, DrawWeights: false));

        Assert.Equal(millions, network.parameters().Sum(parameter => parameter.NumberOfElements) / 1e6, 0.006);
    }

    /// <summary>A network that scores leaves no tensor behind and its input as it was.</summary>
    public static void ScoresWithoutTrace(string architecture, bool drawWeights = true, int classCount = 17)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(classCount, DrawWeights: drawWeights));
        network.eval();
        using Tensor input = FormulaFill.Input("input", [1, 3, 64, 64]);
        using Tensor copy = input.clone();
        long before = LiveTensors.CountSettled();
        for (int i = 0; i < 3; i++)
        {
            using var inference = inference_mode();
            using Tensor output = network.call(input);
        }

        Assert.Equal(before, Tensor.TotalCount);
        Assert.True(input.eq(copy).all().item<bool>());
    }
}
