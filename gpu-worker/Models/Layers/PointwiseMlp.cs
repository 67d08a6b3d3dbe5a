using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>Two pointwise layers with an exact (erf) GELU between them (Hendrycks, Gimpel 2016).</summary>
internal sealed class PointwiseMlp : nn.Module<Tensor, Tensor>
{
    private readonly PointwiseConvolution fc1;
    private readonly PointwiseConvolution fc2;

    public PointwiseMlp(int width, int hiddenWidth, bool fourDimensional)
        : base(nameof(PointwiseMlp))
    {
        fc1 = new PointwiseConvolution(width, hiddenWidth, fourDimensional);
        fc2 = new PointwiseConvolution(hiddenWidth, width, fourDimensional);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor hidden = fc1.call(input);
        // The gradient needs what came before the activation; scoring saves the memory.

        // Not in place in training, even without gradients (see RecomputedBlock): the strides of a single pixel would be others,
        // and with them the last bits.
        return fc2.call(nn.functional.gelu(hidden, inplace: !training && !hidden.requires_grad)).MoveToOuterDisposeScope();
    }
}
