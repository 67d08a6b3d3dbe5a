using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Weights;

[Collection(TorchCollection.Name)]
public sealed class WeightsLoaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Half_precision_weights_load_into_a_float32_network()
    {
        using nn.Module<Tensor, Tensor> source = Network(3);
        using nn.Module<Tensor, Tensor> target = Network(3);
        SafetensorsWriter.Write(folder.File("w.safetensors"), source.state_dict(), floatType: ScalarType.Float16);

        WeightsReport report = WeightsLoader.Load(target, folder.File("w.safetensors"));

        Assert.True(report.IsComplete);
        using DisposeScope scope = NewDisposeScope();
        foreach ((string key, Tensor expected) in source.state_dict())
        {
            Tensor actual = target.state_dict()[key];
            Assert.Equal(ScalarType.Float32, actual.dtype);
            Assert.True(expected.to_type(ScalarType.Float16).to_type(ScalarType.Float32).eq(actual).all().item<bool>(), key);
        }
    }

    [Fact]
    public void What_does_not_fit_is_named_and_the_network_stays_as_it_was()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Network(3);
        Dictionary<string, Tensor> state = network.state_dict();
        state.Remove("stem.0.bias");
        state["extra"] = ones(1);
        state["head.fc.weight"] = ones(5, 320);
        state["stem.1.weight"] = zeros(40);
        SafetensorsWriter.Write(folder.File("w.safetensors"), state);

        var exception = Assert.Throws<WeightsException>(() => WeightsLoader.Load(network, folder.File("w.safetensors")));

        foreach (string expected in new[] { "w.safetensors", "stem.0.bias", "extra", "'head.fc.weight' is [5, 320] in the file and [3, 320] in the network" })
            Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Equal(40, network.state_dict()["stem.1.weight"].sum().item<float>());

        WeightsReport report = WeightsLoader.Load(network, folder.File("w.safetensors"), strict: false);
        Assert.Equal(["stem.0.bias"], report.Missing);
        Assert.Equal(["extra"], report.Unexpected);
        Assert.Equal("head.fc.weight", Assert.Single(report.Mismatched).Key);
        Assert.Equal(0, network.state_dict()["stem.1.weight"].sum().item<float>());
    }

    private static nn.Module<Tensor, Tensor> Network(int classes) => ModelCatalog.Create("convnext_atto", new ModelOptions(classes));
}
