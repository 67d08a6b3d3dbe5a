using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class FeatureNetworkTests
{
    // One network of each family, what classifies in it, and how many features that reads of each place.
    [Theory]
    [InlineData("convnext_atto", "head.fc", 320)]
    [InlineData("convnext_atto+ml_decoder", "head", 320)]
    [InlineData("dm_nfnet_f0", "head.fc", 3072)]
    [InlineData("dm_nfnet_f0+ml_decoder", "head", 3072)]
    [InlineData("ecaresnet26t", "fc", 2048)]
    [InlineData("ecaresnet26t+ml_decoder", "fc", 2048)]
    [InlineData("resnet18", "fc", 512)]
    [InlineData("swin_tiny_patch4_window7_224", "head.fc", 768)]
    [InlineData("swin_tiny_patch4_window7_224+ml_decoder", "head", 768)]
    [InlineData("tf_efficientnet_b0", "classifier", 1280)]
    [InlineData("tf_efficientnet_b0+ml_decoder", "classifier", 1280)]
    [InlineData("torchvision_swin_t", "head.fc", 768)]
    [InlineData("tresnet_m", "head.fc", 2048)]
    [InlineData("tresnet_m+ml_decoder", "head", 2048)]
    public void Features_are_the_mean_of_what_the_classifier_reads_and_logits_those_of_a_call(string architecture, string classifier, long width)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        manual_seed(1);
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(17, InputSize: new(96, 64)));
        network.eval();
        Tensor input = FormulaFill.Input("input", [2, 3, 96, 64]);
        using var capture = new FeatureCapture(network, [$"{classifier}<input>"]);

        Tensor logits = network.call(input);
        Tensor read = capture.Features[$"{classifier}<input>"].clone();
        (Tensor features, Tensor sameLogits) = ((IFeatureNetwork)network).CallWithFeatures(input);

        Tensor expected = read.Dimensions switch
        {
            4 => read.mean([2, 3]),
            3 => read.mean([1]),
            _ => read,
        };
        Assert.Equal([2, width], features.shape);
        Assert.True(logits.equal(sameLogits).all().item<bool>());
        Assert.True(expected.equal(features).all().item<bool>());
        Assert.True(features.isfinite().all().item<bool>());
        Assert.True(features[0].sub(features[1]).abs().max().item<float>() > 0);
    }

    [Theory]
    [InlineData("convnext_atto")]
    [InlineData("resnet18")]
    [InlineData("tresnet_m")]
    [InlineData("dm_nfnet_f0")]
    [InlineData("tf_efficientnet_b0")]
    [InlineData("torchvision_swin_t")]
    public void For_no_classes_a_network_gives_its_features_in_place_of_logits(string architecture)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        manual_seed(1);
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(17));
        using nn.Module<Tensor, Tensor> encoder = ModelCatalog.Create(architecture, new ModelOptions(ClassCount: 0));
        Dictionary<string, Tensor> state = network.state_dict();
        foreach ((string key, Tensor target) in encoder.state_dict())
            target.copy_(state[key]);

        network.eval();
        encoder.eval();
        Tensor input = FormulaFill.Input("input", [2, 3, 64, 64]);
        Tensor features = encoder.call(input);

        Assert.Equal([2, ((IFeatureNetwork)encoder).FeatureCount], features.shape);
        Assert.True(features.equal(((IFeatureNetwork)network).CallWithFeatures(input).Features).all().item<bool>());
        Assert.Equal(state.Count - 2, encoder.state_dict().Count); // without the classifier's weight and bias
    }

    [Theory]
    [InlineData("convnext_atto")]
    [InlineData("convnext_atto+ml_decoder")]
    [InlineData("resnet18")]
    [InlineData("resnet18+ml_decoder")]
    [InlineData("tresnet_m")]
    [InlineData("dm_nfnet_f0")]
    [InlineData("tf_efficientnet_b0")]
    [InlineData("tf_efficientnet_b0+ml_decoder")]
    [InlineData("torchvision_swin_t")]
    public void No_tensor_but_these_two_outlives_the_pass(string architecture)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(17));
        network.eval();
        using Tensor input = FormulaFill.Input("input", [1, 3, 64, 64]);
        long before = LiveTensors.CountSettled();

        using (inference_mode())
        {
            for (int i = 0; i < 3; i++)
            {
                (Tensor features, Tensor logits) = ((IFeatureNetwork)network).CallWithFeatures(input);
                Assert.Equal(before + 2, Tensor.TotalCount);
                features.Dispose();
                logits.Dispose();
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}
