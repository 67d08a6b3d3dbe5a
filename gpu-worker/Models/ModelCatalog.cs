using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// The networks that releases name: pixels <c>[N, 3, H, W]</c> to logits <c>[N, classes]</c>. The suffix <c>+ml_decoder</c>
/// swaps any network's head for <see cref="HeadKind.MlDecoder"/>.
/// </summary>
public static class ModelCatalog
{
    private const string MlDecoderSuffix = "+ml_decoder";

    private static readonly SortedDictionary<string, Func<ModelOptions, nn.Module<Tensor, Tensor>>> Factories = new(StringComparer.Ordinal)
    {
        ["convnext_atto"] = options => new ConvNeXt(ConvNeXtConfig.Atto, options),
        ["convnext_femto"] = options => new ConvNeXt(ConvNeXtConfig.Femto, options),
        ["convnext_pico"] = options => new ConvNeXt(ConvNeXtConfig.Pico, options),
        ["convnext_nano"] = options => new ConvNeXt(ConvNeXtConfig.Nano, options),
        ["convnext_tiny"] = options => new ConvNeXt(ConvNeXtConfig.Tiny, options),
        ["convnext_small"] = options => new ConvNeXt(ConvNeXtConfig.Small, options),
        ["convnext_base"] = options => new ConvNeXt(ConvNeXtConfig.Base, options),
        ["convnext_large"] = options => new ConvNeXt(ConvNeXtConfig.Large, options),
        ["dm_nfnet_f0"] = options => new NFNet(NFNetConfig.F0, options),
        ["dm_nfnet_f1"] = options => new NFNet(NFNetConfig.F1, options),
        ["dm_nfnet_f2"] = options => new NFNet(NFNetConfig.F2, options),
        ["dm_nfnet_f3"] = options => new NFNet(NFNetConfig.F3, options),
        ["dm_nfnet_f4"] = options => new NFNet(NFNetConfig.F4, options),
        ["dm_nfnet_f5"] = options => new NFNet(NFNetConfig.F5, options),
        ["dm_nfnet_f6"] = options => new NFNet(NFNetConfig.F6, options),
        ["efficientnet_b0"] = options => new EfficientNet(EfficientNetConfig.B0, options),
        ["efficientnet_b1"] = options => new EfficientNet(EfficientNetConfig.B1, options),
        ["efficientnet_b2"] = options => new EfficientNet(EfficientNetConfig.B2, options),
        ["efficientnet_b3"] = options => new EfficientNet(EfficientNetConfig.B3, options),
        ["efficientnet_b4"] = options => new EfficientNet(EfficientNetConfig.B4, options),
        ["efficientnet_b5"] = options => new EfficientNet(EfficientNetConfig.B5, options),
        ["efficientnet_b6"] = options => new EfficientNet(EfficientNetConfig.B6, options),
        ["efficientnet_b7"] = options => new EfficientNet(EfficientNetConfig.B7, options),
        ["tf_efficientnet_b0"] = options => new EfficientNet(EfficientNetConfig.B0 with { TensorFlow = true }, options),
        ["tf_efficientnet_b1"] = options => new EfficientNet(EfficientNetConfig.B1 with { TensorFlow = true }, options),
        ["tf_efficientnet_b2"] = options => new EfficientNet(EfficientNetConfig.B2 with { TensorFlow = true }, options),
        ["tf_efficientnet_b3"] = options => new EfficientNet(EfficientNetConfig.B3 with { TensorFlow = true }, options),
        ["tf_efficientnet_b4"] = options => new EfficientNet(EfficientNetConfig.B4 with { TensorFlow = true }, options),
        ["tf_efficientnet_b5"] = options => new EfficientNet(EfficientNetConfig.B5 with { TensorFlow = true }, options),
        ["tf_efficientnet_b6"] = options => new EfficientNet(EfficientNetConfig.B6 with { TensorFlow = true }, options),
        ["tf_efficientnet_b7"] = options => new EfficientNet(EfficientNetConfig.B7 with { TensorFlow = true }, options),
        ["tf_efficientnet_l2"] = options => new EfficientNet(EfficientNetConfig.L2 with { TensorFlow = true }, options),
    };

    /// <summary>Every architecture, in alphabetical order, without suffixes.</summary>
    public static IReadOnlyCollection<string> Names => Factories.Keys;

    /// <summary>Whether there is such an architecture.</summary>
    /// <param name="architecture">Its name, as timm writes it, with or without the suffix.</param>
    /// <returns>Whether <see cref="Create"/> knows it.</returns>
    public static bool Contains(string architecture) => Factories.ContainsKey(WithoutSuffix(architecture));

    /// <summary>Builds a network on the CPU, in training mode.</summary>
    /// <param name="architecture">Its name, as timm writes it, with or without the suffix.</param>
    /// <param name="options">What the caller decides; the suffix decides on the head.</param>
    /// <returns>The network; dispose it.</returns>
    /// <exception cref="UnknownArchitectureException">There is none of that name.</exception>
    public static nn.Module<Tensor, Tensor> Create(string architecture, ModelOptions options)
    {
        string name = WithoutSuffix(architecture);
        return Factories.TryGetValue(name, out Func<ModelOptions, nn.Module<Tensor, Tensor>>? factory)
            ? factory(name == architecture ? options : options with { Head = HeadKind.MlDecoder })
            : throw Unknown(architecture);
    }

    /// <summary>What to say of a name that is not there.</summary>
    /// <param name="architecture">The name.</param>
    /// <returns>An error that lists near names.</returns>
    public static UnknownArchitectureException Unknown(string architecture) =>
        new(architecture, NearNames.Of(architecture, [.. Names, .. Names.Select(name => name + MlDecoderSuffix)]));

    private static string WithoutSuffix(string architecture) =>
        architecture.EndsWith(MlDecoderSuffix, StringComparison.Ordinal) ? architecture[..^MlDecoderSuffix.Length] : architecture;
}
