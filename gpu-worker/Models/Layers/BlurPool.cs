using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// Halves the resolution behind a binomial low-pass filter, so that what a network sees hardly depends on a shift by a pixel.
/// Zhang: Making Convolutional Networks Shift-Invariant Again, ICML 2019, https://arxiv.org/abs/1904.11486 (Tri-3).
/// </summary>
internal sealed class BlurPool() : nn.Module<Tensor, Tensor>(nameof(BlurPool))
{
    // [1 2 1] down by [1 2 1] across, over their sum.
    private static readonly float[] Filter = [1 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 4 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 1 / 16f];

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        long width = input.shape[1];

        // Made anew each time: no file holds it, and TorchSharp leaves non-persistent buffers behind when a network moves.
        Tensor kernel = tensor(Filter, [1, 1, 3, 3], dtype: input.dtype, device: input.device).repeat(width, 1, 1, 1); // [C, 1, 3, 3]
        Tensor padded = nn.functional.pad(input, [1, 1, 1, 1], PaddingModes.Reflect);
        return nn.functional.conv2d(padded, kernel, strides: [2, 2], groups: width).MoveToOuterDisposeScope();
    }
}
