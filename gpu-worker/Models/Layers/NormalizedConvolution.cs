using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>A convolution and the batch normalisation that follows it.</summary>
internal static class NormalizedConvolution
{
    /// <summary>Applies both. In evaluation without gradients they are one convolution, and the modules themselves are not called.</summary>
    /// <param name="convolution">The convolution, or layers that end with it.</param>
    /// <param name="norm">The norm of what it gives.</param>
    /// <param name="input">What it takes.</param>
    public static Tensor Apply(nn.Module<Tensor, Tensor> convolution, BatchNorm2d norm, Tensor input)
    {
        if (!norm.training && !is_grad_enabled() && convolution is Conv2d { bias: null } plain)
            return Folded(plain, norm, input);

        // Freed as soon as it is normalised: memory that is still in the caches is used again.
        using Tensor output = convolution.call(input);
        return norm.call(output);
    }

    // The norm's scale goes into the kernel and its shift into a bias, which saves a pass over the pixels. Anew at each call:
    // that takes as long as reading the weights, and a kernel that is kept could outlive a change of what it was made from.
    private static Tensor Folded(Conv2d convolution, BatchNorm2d norm, Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        ScalarType type = input.dtype;
        ScalarType precise = type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32; // a product of two roundings to bfloat16 would lose more
        Tensor scale = norm.running_var!.to_type(precise).add(norm.eps).rsqrt().mul(norm.weight.to_type(precise)); // [out]
        Tensor shift = norm.bias!.to_type(precise).sub(norm.running_mean!.to_type(precise).mul(scale));
        Tensor kernel = convolution.weight.to_type(precise).mul(scale.reshape(-1, 1, 1, 1)).to_type(type);
        return nn.functional.conv2d(input, kernel, shift.to_type(type), convolution.stride, convolution.padding, convolution.dilation, convolution.groups)
            .MoveToOuterDisposeScope();
    }
}
