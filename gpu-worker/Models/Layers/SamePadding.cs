using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// TensorFlow's SAME padding: so many zeros that a convolution gives ceil(size / stride) pixels, an odd one below and to
/// the right. The reference numbers are timm's <c>layers/padding.py</c>.
/// </summary>
internal static class SamePadding
{
    /// <summary>Convolves <c>[N, in, H, W]</c> to <c>[N, out, ceil(H / stride), ceil(W / stride)]</c>.</summary>
    public static Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, long stride, long groups)
    {
        using DisposeScope scope = NewDisposeScope();
        (long top, long bottom) = Around(input.shape[2], weight.shape[2], stride);
        (long left, long right) = Around(input.shape[3], weight.shape[3], stride);

        // The convolution itself pads evenly, without a copy of its input.
        bool even = top == bottom && left == right;
        Tensor padded = even ? input : nn.functional.pad(input, (left, right, top, bottom));
        long[] padding = even ? [top, left] : [0, 0];
        return nn.functional.conv2d(padded, weight, bias, [stride, stride], padding, groups: groups).MoveToOuterDisposeScope();
    }

    private static (long Before, long After) Around(long size, long kernelSize, long stride)
    {
        long outputSize = (size + stride - 1) / stride;
        long total = Math.Max(0, ((outputSize - 1) * stride) + kernelSize - size);
        return (total / 2, total - (total / 2));
    }
}
