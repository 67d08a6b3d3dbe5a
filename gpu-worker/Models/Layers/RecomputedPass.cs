using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// One pass through blocks that are recomputed. It frees the gradients that a block gave to autograd, which cannot free them
/// itself, when the next block's turn comes; the last block's go with the dispose scope around the backward pass.
/// </summary>
internal sealed class RecomputedPass
{
    private IList<Tensor> handedOver = [];

    public void HandOver(IList<Tensor> gradients) => handedOver = gradients;

    public void Release()
    {
        foreach (Tensor gradient in handedOver)
            gradient.Dispose();

        handedOver = [];
    }
}
