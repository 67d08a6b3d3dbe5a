using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// Gradient checkpointing: in training a network keeps what goes into each of its blocks, and computes the blocks again in
/// the backward pass. The gradients are the same, the step takes about a third longer, and its memory falls to that of one block.
/// </summary>
public static class GradientCheckpointing
{
    /// <summary>Switches it on; evaluation is as before.</summary>
    /// <param name="network">A network of the catalog.</param>
    public static void Enable(nn.Module network)
    {
        foreach (BlockSequence blocks in network.modules().OfType<BlockSequence>())
            blocks.RecomputesInBackward = true;
    }
}
