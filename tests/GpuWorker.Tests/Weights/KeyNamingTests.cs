using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CloudPipe.GpuWorker.Weights.Naming;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Weights;

public sealed class KeyNamingTests
{
    [ParityFact("models/convnext_base.json", "models/torchvision_convnext_base.json")]
    public void ConvNeXt_has_the_keys_of_torchvision()
    {
        string[] expected = Keys("torchvision_convnext_base");

        string?[] actual = [.. Keys("convnext_base").Select(key => KeyNaming.ToTorchvision("convnext_base", key))];

        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [ParityFact("models/tf_efficientnet_b0.json")]
    public void EfficientNet_has_the_keys_of_torchvision()
    {
        IEnumerable<string?> renamed = Keys("tf_efficientnet_b0").Select(key => KeyNaming.ToTorchvision("tf_efficientnet_b0", key)).Order(StringComparer.Ordinal);

        // Of '\n'.join(sorted(torchvision.models.efficientnet_b0().state_dict())), torchvision 0.14.1.
        Assert.Equal("4cf85a40b6394f73b4f51f8c61cd3ae0d15eddce703aa98473c40c5b21fd9b8e", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', renamed)))));
    }

    [Theory]
    [InlineData("convnext_tiny", "stages.2.blocks.10.mlp.fc2.weight", "features.5.10.block.5.weight")]
    [InlineData("convnext_tiny", "stages.1.downsample.1.bias", "features.2.1.bias")]
    [InlineData("convnext_tiny", "head.fc.weight", "classifier.2.weight")]
    [InlineData("convnext_tiny", "stages.0.blocks.0.unknown", null)]
    [InlineData("efficientnet_b0", "blocks.0.0.conv_pw.weight", "features.1.0.block.2.0.weight")]
    [InlineData("efficientnet_b0", "blocks.6.0.bn3.running_mean", "features.7.0.block.3.1.running_mean")]
    [InlineData("efficientnet_b0", "blocks.1.1.se.conv_expand.bias", "features.2.1.block.2.fc2.bias")]
    [InlineData("efficientnetv2_s", "blocks.1.0.conv_exp.weight", null)]
    [InlineData("resnet50", "layer1.0.downsample.1.weight", "layer1.0.downsample.1.weight")]
    [InlineData("dm_nfnet_f3", "stem.conv1.weight", null)]
    public void Keys_are_renamed(string architecture, string timmKey, string? expected) => Assert.Equal(expected, KeyNaming.ToTorchvision(architecture, timmKey));

    [ParityFact("models/ml_decoder@groups5.json", "models/tresnet_m+ml_decoder.json")]
    public void MlDecoder_has_the_keys_of_its_authors()
    {
        foreach (string name in new[] { "ml_decoder@groups5", "tresnet_m+ml_decoder" })
        {
            JsonElement map = ParityData.Read($"models/{name}.json").GetProperty("miil_naming").GetProperty("key_map_timm_to_miil");
            Dictionary<string, string> expected = map.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);

            Assert.All(Keys(name), key => Assert.Equal(expected.GetValueOrDefault(key), MlDecoderNaming.ToMiil(key)));
        }
    }

    private static string[] Keys(string name) => [.. ParityData.Read($"models/{name}.json").GetProperty("state").EnumerateArray().Select(entry => entry[0].GetString()!)];
}
