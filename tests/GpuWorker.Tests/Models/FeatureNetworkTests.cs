using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class FeatureNetworkTests
{
    // One network of each family, and what classifies in it.
    [Theory]
    [InlineData("convnext_atto", "head.fc")]
    [InlineData("dm_nfnet_f0", "head.fc")]
    [InlineData("resnet18", "fc")]
    [InlineData("tf_efficientnet_b0", "classifier")]
    [InlineData("torchvision_swin_t", "head.fc")]
    [InlineData("tresnet_m", "head.fc")]
    public void For_no_classes_a_network_gives_what_its_classifier_reads(string architecture, string classifier)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        manual_seed(1);
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(17));
        using nn.Module<Tensor, Tensor> encoder = ModelCatalog.Create(architecture, new ModelOptions(ClassCount: 0));
        Dictionary<string, Tensor> state = network.state_dict();
        Dictionary<string, Tensor> encoderState = encoder.state_dict();
        foreach ((string key, Tensor target) in encoderState)
            target.copy_(state[key]);

        network.eval();
        encoder.eval();
        Tensor input = FormulaFill.Input("input", [2, 3, 96, 64]);

        Tensor features = encoder.call(input);

        (string weight, string bias) = ($"{classifier}.weight", $"{classifier}.bias");
        Assert.Equal(state.Keys.Except([weight, bias]), encoderState.Keys);
        Assert.Equal([2, ((IFeatureNetwork)encoder).FeatureCount], features.shape);
        Assert.True(features.isfinite().all().item<bool>());
        Assert.True(network.call(input).equal(nn.functional.linear(features, state[weight], state[bias])).all().item<bool>());
    }

    // One network of each kind of head.
    [Theory]
    [InlineData("convnext_atto")]
    [InlineData("resnet18")]
    [InlineData("tf_efficientnet_b0")]
    [InlineData("torchvision_swin_t")]
    [InlineData("tresnet_m")]
    public void For_no_classes_a_call_leaves_no_tensor_behind(string architecture) => NetworkAssert.ScoresWithoutTrace(architecture, drawWeights: false, classCount: 0);
}
