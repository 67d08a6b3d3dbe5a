using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// A convolution and the batch normalisation that follows it. In evaluation without gradients they are one convolution, and
/// the modules themselves are not called: the norm's scale goes into the kernel and its shift into a bias, which saves a pass
/// over the pixels.
/// </summary>
internal static class NormalizedConvolution
{
    /// <summary>Applies both.</summary>
    /// <param name="convolution">The convolution, or layers that end with it.</param>
    /// <param name="norm">The norm of what it gives.</param>
    /// <param name="input">What it takes.</param>
    public static Tensor Apply(nn.Module<Tensor, Tensor> convolution, BatchNorm2d norm, Tensor input)
    {
        if (!norm.training && !is_grad_enabled() && convolution is Conv2d { bias: null } plain)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor kernel, Tensor shift) = Fold(plain.weight, norm.running_mean!, norm.running_var!, norm.weight, norm.bias!, norm.eps, input.dtype);
            return nn.functional.conv2d(input, kernel, shift, plain.stride, plain.padding, plain.dilation, plain.groups).MoveToOuterDisposeScope();
        }

        // Freed as soon as it is normalised: memory that is still in the caches is used again.
        using Tensor output = convolution.call(input);
        return norm.call(output);
    }

    /// <summary>Applies both, and the norm's activation if it has one.</summary>
    /// <param name="convolution">The convolution.</param>
    /// <param name="norm">The norm of what it gives.</param>
    /// <param name="input">What it takes.</param>
    public static Tensor Apply(SameConvolution convolution, BatchNormActivation norm, Tensor input)
    {
        if (!norm.training && !is_grad_enabled())
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor kernel, Tensor shift) = norm.FoldInto(convolution.WeightParameter, input.dtype);
            Tensor sum = convolution.Convolve(input, kernel, shift);
            return (norm.Activates ? sum.silu_() : sum).MoveToOuterDisposeScope();
        }

        using Tensor output = convolution.call(input);
        return norm.call(output);
    }

    /// <summary>Calls layers one after another, each norm together with the layer before it.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="input">What the first one takes.</param>
    public static Tensor Apply(Sequential layers, Tensor input)
    {
        nn.Module<Tensor, Tensor>[] chain = [.. layers.children().Cast<nn.Module<Tensor, Tensor>>()];
        Tensor output = input;
        for (int i = 0; i < chain.Length; i++)
        {
            Tensor next = i + 1 < chain.Length && chain[i + 1] is BatchNorm2d norm
                ? Apply(chain[i++], norm, output)
                : chain[i].call(output);
            if (!ReferenceEquals(output, input) && !ReferenceEquals(output, next))
                output.Dispose();

            output = next;
        }

        return output;
    }

    /// <summary>The kernel and the bias of the one convolution.</summary>
    /// <remarks>Made anew at each call: that takes as long as reading the weights, and a kernel that is kept could outlive a change of what it was made from.</remarks>
    /// <param name="kernel">The convolution's, <c>[out, in, H, W]</c>.</param>
    /// <param name="mean">The norm's running mean, <c>[out]</c>.</param>
    /// <param name="variance">Its running variance.</param>
    /// <param name="weight">Its scale.</param>
    /// <param name="bias">Its shift.</param>
    /// <param name="epsilon">What it adds to the variance.</param>
    /// <param name="type">The type of the pixels, and of both results.</param>
    public static (Tensor Kernel, Tensor Shift) Fold(Tensor kernel, Tensor mean, Tensor variance, Tensor weight, Tensor bias, double epsilon, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        ScalarType precise = type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32; // a product of two roundings to bfloat16 would lose more
        Tensor scale = variance.to_type(precise).add(epsilon).rsqrt().mul(weight.to_type(precise)); // [out]
        Tensor shift = bias.to_type(precise).sub(mean.to_type(precise).mul(scale));
        Tensor scaled = kernel.to_type(precise).mul(scale.reshape(-1, 1, 1, 1));
        return (scaled.to_type(type).MoveToOuterDisposeScope(), shift.to_type(type).MoveToOuterDisposeScope());
    }
}
