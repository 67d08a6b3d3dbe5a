using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// The networks that releases name: pixels <c>[N, 3, H, W]</c> to logits <c>[N, classes]</c>. The suffix <c>+ml_decoder</c>
/// swaps any network's head for <see cref="HeadKind.MlDecoder"/>.
/// </summary>
public static class ModelCatalog
{
    /// <summary>What a name ends with that asks for <see cref="HeadKind.MlDecoder"/>.</summary>
    public const string MlDecoderSuffix = "+ml_decoder";

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
        ["ecaresnet26t"] = options => new ResNet(ResNetConfig.ResNet26.WithDeepStem(tiered: true) with { ChannelAttention = true }, options),
        ["ecaresnet50d"] = options => new ResNet(ResNetConfig.ResNet50.WithDeepStem() with { ChannelAttention = true }, options),
        ["ecaresnet50t"] = options => new ResNet(ResNetConfig.ResNet50.WithDeepStem(tiered: true) with { ChannelAttention = true }, options),
        ["ecaresnet101d"] = options => new ResNet(ResNetConfig.ResNet101.WithDeepStem() with { ChannelAttention = true }, options),
        ["ecaresnet269d"] = options => new ResNet(ResNetConfig.EcaResNet269D, options),
        ["ecaresnetlight"] = options => new ResNet(ResNetConfig.EcaResNetLight, options),
        ["efficientnet_b0"] = options => new EfficientNet(EfficientNetConfig.B0, options),
        ["efficientnet_b1"] = options => new EfficientNet(EfficientNetConfig.B1, options),
        ["efficientnet_b2"] = options => new EfficientNet(EfficientNetConfig.B2, options),
        ["efficientnet_b3"] = options => new EfficientNet(EfficientNetConfig.B3, options),
        ["efficientnet_b4"] = options => new EfficientNet(EfficientNetConfig.B4, options),
        ["efficientnet_b5"] = options => new EfficientNet(EfficientNetConfig.B5, options),
        ["efficientnet_b6"] = options => new EfficientNet(EfficientNetConfig.B6, options),
        ["efficientnet_b7"] = options => new EfficientNet(EfficientNetConfig.B7, options),
        ["resnet18"] = options => new ResNet(ResNetConfig.ResNet18, options),
        ["resnet18d"] = options => new ResNet(ResNetConfig.ResNet18.WithDeepStem(), options),
        ["resnet26"] = options => new ResNet(ResNetConfig.ResNet26, options),
        ["resnet26d"] = options => new ResNet(ResNetConfig.ResNet26.WithDeepStem(), options),
        ["resnet26t"] = options => new ResNet(ResNetConfig.ResNet26.WithDeepStem(tiered: true), options),
        ["resnet34"] = options => new ResNet(ResNetConfig.ResNet34, options),
        ["resnet34d"] = options => new ResNet(ResNetConfig.ResNet34.WithDeepStem(), options),
        ["resnet50"] = options => new ResNet(ResNetConfig.ResNet50, options),
        ["resnet50d"] = options => new ResNet(ResNetConfig.ResNet50.WithDeepStem(), options),
        ["resnet101"] = options => new ResNet(ResNetConfig.ResNet101, options),
        ["resnet101d"] = options => new ResNet(ResNetConfig.ResNet101.WithDeepStem(), options),
        ["resnet152"] = options => new ResNet(ResNetConfig.ResNet152, options),
        ["resnet152d"] = options => new ResNet(ResNetConfig.ResNet152.WithDeepStem(), options),
        ["swin_tiny_patch4_window7_224"] = options => new SwinTransformer(SwinTransformerConfig.Tiny, options),
        ["swin_small_patch4_window7_224"] = options => new SwinTransformer(SwinTransformerConfig.Small, options),
        ["swin_base_patch4_window7_224"] = options => new SwinTransformer(SwinTransformerConfig.Base, options),
        ["swin_base_patch4_window12_384"] = options => new SwinTransformer(SwinTransformerConfig.BaseWindow12, options),
        ["swin_large_patch4_window7_224"] = options => new SwinTransformer(SwinTransformerConfig.Large, options),
        ["swin_large_patch4_window12_384"] = options => new SwinTransformer(SwinTransformerConfig.LargeWindow12, options),
        ["tf_efficientnet_b0"] = options => new EfficientNet(EfficientNetConfig.B0 with { TensorFlow = true }, options),
        ["tf_efficientnet_b1"] = options => new EfficientNet(EfficientNetConfig.B1 with { TensorFlow = true }, options),
        ["tf_efficientnet_b2"] = options => new EfficientNet(EfficientNetConfig.B2 with { TensorFlow = true }, options),
        ["tf_efficientnet_b3"] = options => new EfficientNet(EfficientNetConfig.B3 with { TensorFlow = true }, options),
        ["tf_efficientnet_b4"] = options => new EfficientNet(EfficientNetConfig.B4 with { TensorFlow = true }, options),
        ["tf_efficientnet_b5"] = options => new EfficientNet(EfficientNetConfig.B5 with { TensorFlow = true }, options),
        ["tf_efficientnet_b6"] = options => new EfficientNet(EfficientNetConfig.B6 with { TensorFlow = true }, options),
        ["tf_efficientnet_b7"] = options => new EfficientNet(EfficientNetConfig.B7 with { TensorFlow = true }, options),
        ["tf_efficientnet_l2"] = options => new EfficientNet(EfficientNetConfig.L2 with { TensorFlow = true }, options),
        ["torchvision_swin_t"] = options => new SwinTransformer(SwinTransformerConfig.Tiny.OfTorchvision(), options),
        ["torchvision_swin_s"] = options => new SwinTransformer(SwinTransformerConfig.Small.OfTorchvision(), options),
        ["torchvision_swin_b"] = options => new SwinTransformer(SwinTransformerConfig.Base.OfTorchvision(), options),
        ["tresnet_l"] = options => new TResNet(TResNetConfig.L, options),
        ["tresnet_m"] = options => new TResNet(TResNetConfig.M, options),
        ["tresnet_v2_l"] = options => new TResNet(TResNetConfig.L2, options),
        ["tresnet_xl"] = options => new TResNet(TResNetConfig.XL, options),
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
