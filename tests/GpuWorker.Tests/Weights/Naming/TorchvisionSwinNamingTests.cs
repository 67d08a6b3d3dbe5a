using CloudPipe.GpuWorker.Weights.Naming;

namespace CloudPipe.GpuWorker.Tests.Weights.Naming;

public sealed class TorchvisionSwinNamingTests
{
    [Theory]
    [InlineData("patch_embed.proj.weight", "features.0.0.weight")]
    [InlineData("patch_embed.norm.bias", "features.0.2.bias")]
    [InlineData("layers.0.blocks.1.norm1.weight", "features.1.1.norm1.weight")]
    [InlineData("layers.2.blocks.17.attn.relative_position_bias_table", "features.5.17.attn.relative_position_bias_table")]
    [InlineData("layers.1.blocks.0.mlp.fc1.weight", "features.3.0.mlp.0.weight")]
    [InlineData("layers.1.blocks.0.mlp.fc2.bias", "features.3.0.mlp.3.bias")]
    [InlineData("layers.3.downsample.reduction.weight", "features.6.reduction.weight")]
    [InlineData("norm.weight", "norm.weight")]
    [InlineData("head.fc.bias", "head.bias")]
    [InlineData("head.query_embed.weight", null)]
    public void Names_of_tensors_are_torchvisions(string timmKey, string? expected) =>
        Assert.Equal(expected, TorchvisionSwinNaming.Rename(timmKey));

    [Theory]
    [InlineData("layers.1.blocks", "features.3")]
    [InlineData("layers.1.downsample", "features.2")]
    [InlineData("patch_embed", "features.0")]
    public void Modules_have_names_too(string timmPath, string expected) =>
        Assert.Equal(expected, TorchvisionSwinNaming.Rename(timmPath));
}
