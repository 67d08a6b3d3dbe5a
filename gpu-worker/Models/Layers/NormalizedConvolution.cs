using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>A convolution and the batch normalisation that follows it.</summary>
internal static class NormalizedConvolution
{
    /// <summary>Frees what the convolution gave as soon as it is normalised: memory that is still in the caches is used again.</summary>
    public static Tensor Apply(nn.Module<Tensor, Tensor> convolution, BatchNorm2d norm, Tensor input)
    {
        using Tensor output = convolution.call(input);
        return norm.call(output);
    }
}
