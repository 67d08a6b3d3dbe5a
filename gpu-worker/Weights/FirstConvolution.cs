using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>
/// Fits the weights of a network's first convolution to another number of input channels, as timm does
/// (<c>timm/models/_manipulate.py</c>, <c>adapt_input_conv</c>).
/// </summary>
internal static class FirstConvolution
{
    private const int ImageChannels = 3;

    /// <summary>The first convolution's key: the first tensor of four axes.</summary>
    public static string? KeyOf(IReadOnlyList<KeyValuePair<string, Tensor>> state) =>
        state.FirstOrDefault(entry => entry.Value.dim() >= 4).Key;

    /// <summary>Whether weights of one shape can be made into another.</summary>
    /// <param name="found">The file's shape <c>[out, in, H, W]</c>.</param>
    /// <param name="expected">The network's.</param>
    public static bool CanAdapt(IReadOnlyList<long> found, IReadOnlyList<long> expected) =>
        found.Count == 4 && expected.Count == 4 && found[0] == expected[0] && found[2] == expected[2] && found[3] == expected[3]
        && found[1] > 0 && expected[1] > 0 && (IsGrey(found[1], expected[1]) || found[1] == ImageChannels);

    /// <summary>The weights for <paramref name="channels"/> input channels, in the type that they have.</summary>
    public static Tensor Adapt(Tensor weight, long channels)
    {
        using DisposeScope scope = NewDisposeScope();
        long found = weight.shape[1];
        Tensor values = weight.to_type(ScalarType.Float32);
        if (IsGrey(found, channels))
        {
            // Red, green and blue alike: the sum answers as the three did. After space-to-depth there are several triples.
            long triple = found > ImageChannels ? ImageChannels : found;
            values = values.reshape(weight.shape[0], channels, triple, weight.shape[2], weight.shape[3]).sum(dim: [2L]);
        }
        else
        {
            // The three again and again, scaled so that the sum over all channels stays.
            long repeats = (channels + ImageChannels - 1) / ImageChannels;
            values = values.repeat(1, repeats, 1, 1).narrow(1, 0, channels) * ((double)ImageChannels / channels);
        }

        return values.to_type(weight.dtype).MoveToOuterDisposeScope();
    }

    private static bool IsGrey(long found, long channels) =>
        found > ImageChannels ? found % ImageChannels == 0 && found / ImageChannels == channels : channels == 1;
}
