using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Models.Layers;
using CloudPipe.GpuWorker.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Optimization;

[Collection(TorchCollection.Name)]
public sealed class ParameterGroupsTests
{
    // As timm 1.0.28 counts them: group_parameters(model, model.group_matcher(coarse=False), reverse=True).
    [Theory]
    [InlineData("convnext_atto", "stem.0.weight", 0, "stages.0.blocks.1.gamma", 2, "stages.1.downsample.1.weight", 3, "stages.3.blocks.1.mlp.fc2.bias", 12, "head.norm.weight", 13)]
    [InlineData("resnet50", "bn1.weight", 0, "layer1.0.bn1.weight", 1, "layer2.0.downsample.0.weight", 4, "layer4.2.conv3.weight", 16, "fc.bias", 17)]
    [InlineData("tresnet_m", "body.conv1.conv.weight", 0, "body.layer1.0.conv1.conv.weight", 1, "body.layer2.0.downsample.1.conv.weight", 4, "body.layer4.2.conv3.conv.weight", 21, "head.fc.weight", 22)]
    [InlineData("dm_nfnet_f0", "stem.conv4.gain", 0, "stages.0.0.conv1.weight", 1, "stages.1.0.downsample.conv.weight", 2, "final_conv.weight", 12, "head.fc.weight", 13)]
    [InlineData("efficientnet_b0", "bn1.bias", 0, "blocks.0.0.bn1.weight", 1, "blocks.1.1.conv_pw.weight", 3, "conv_head.weight", 16, "classifier.weight", 17)]
    [InlineData("swin_tiny_patch4_window7_224", "patch_embed.norm.weight", 0, "layers.0.blocks.1.norm1.bias", 2, "layers.1.downsample.reduction.weight", 3, "norm.weight", 12, "head.fc.weight", 13)]
    public void Layers_are_timms(string architecture, string stem, int ofStem, string early, int ofEarly, string between, int ofBetween, string late, int ofLate, string classifier, int ofClassifier)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(ClassCount: 17, DrawWeights: false));

        IReadOnlyDictionary<string, int> layers = LayerDepth.Of(network);

        Assert.Equal((ofStem, ofEarly, ofBetween, ofLate, ofClassifier), (layers[stem], layers[early], layers[between], layers[late], layers[classifier]));
        Assert.Equal(ofClassifier, layers.Values.Max());
    }

    [Fact]
    public void Every_layer_learns_slower_than_the_one_above()
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 17, DrawWeights: false));

        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Of(network, weightDecay: 0.05, layerDecay: 0.8);

        Assert.Equal(1, ScaleOf(groups, "head.fc.weight"));
        Assert.Equal(0.8, ScaleOf(groups, "stages.3.blocks.1.gamma"), 1e-12);
        Assert.Equal(Math.Pow(0.8, 13), ScaleOf(groups, "stem.0.bias"), 1e-12);
    }

    [Fact]
    public void Without_layer_decay_there_are_two_groups_and_every_parameter_is_in_one()
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 17, DrawWeights: false));

        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Of(network, weightDecay: 0.05, layerDecay: 1);

        Assert.Equal([0, 0.05], groups.Select(group => group.WeightDecay).Order());
        Assert.All(groups, group => Assert.Equal(1, group.LearningRateScale));
        Assert.Equal(network.named_parameters().Select(entry => entry.name).Order(), groups.SelectMany(group => group.Parameters).Select(entry => entry.Key).Order());
    }

    [Theory]
    [InlineData("dm_nfnet_f0", "stem.conv1.gain", "stem.conv1.weight")]
    [InlineData("dm_nfnet_f0", "stages.0.0.skipinit_gain", "head.fc.weight")]
    [InlineData("swin_tiny_patch4_window7_224", "layers.0.blocks.0.attn.relative_position_bias_table", "layers.0.blocks.0.attn.qkv.weight")]
    [InlineData("convnext_atto", "stages.0.blocks.0.gamma", "stages.0.blocks.0.conv_dw.weight")]
    [InlineData("resnet18", "bn1.weight", "conv1.weight")]
    public void Scales_and_position_tables_do_not_decay(string architecture, string undecayed, string decayed)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(ClassCount: 17, DrawWeights: false));

        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Of(network, weightDecay: 0.05, layerDecay: 1);

        Assert.Equal(0, GroupOf(groups, undecayed).WeightDecay);
        Assert.Equal(0.05, GroupOf(groups, decayed).WeightDecay);
    }

    [Fact]
    public void Frozen_parameters_are_not_trained()
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto+ml_decoder", new ModelOptions(ClassCount: 17, DrawWeights: false));
        string frozen = Assert.Single(network.named_parameters(), entry => !entry.parameter.requires_grad).name;

        Assert.DoesNotContain(frozen, ParameterGroups.Of(network, 0.05, 0.9).SelectMany(group => group.Parameters).Select(entry => entry.Key));
    }

    [Fact]
    public void Every_family_is_made_of_block_sequences()
    {
        foreach (string architecture in (string[])["convnext_atto", "resnet18", "tresnet_m", "dm_nfnet_f0", "efficientnet_b0", "swin_tiny_patch4_window7_224"])
        {
            using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(ClassCount: 17, DrawWeights: false));
            Assert.InRange(network.modules().OfType<BlockSequence>().Count(), 4, 7);
        }
    }

    private static ParameterGroup GroupOf(IReadOnlyList<ParameterGroup> groups, string key) => groups.Single(group => group.Parameters.Any(entry => entry.Key == key));

    private static double ScaleOf(IReadOnlyList<ParameterGroup> groups, string key) => GroupOf(groups, key).LearningRateScale;
}
