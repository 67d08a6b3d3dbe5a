using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// The blocks of a stage, one after another, under the keys 0, 1, 2 …: what a network is deep by. Layer-wise learning rates
/// count them, and gradient checkpointing keeps nothing of a forward pass but what goes into each.
/// </summary>
internal sealed class BlockSequence : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor>[] blocks;

    public BlockSequence(IEnumerable<nn.Module<Tensor, Tensor>> blocks)
        : base(nameof(BlockSequence))
    {
        this.blocks = [.. blocks];
        for (int i = 0; i < this.blocks.Length; i++)
            register_module($"{i}", this.blocks[i]);
    }

    /// <summary>Whether training computes each block again in the backward pass, instead of keeping its intermediate results.</summary>
    public bool RecomputesInBackward { get; set; }

    public override Tensor forward(Tensor input)
    {
        if (!RecomputesInBackward || !training || !is_grad_enabled())
            return LayerChain.Call(input, blocks);

        var pass = new RecomputedPass();
        Tensor output = input;
        foreach (nn.Module<Tensor, Tensor> block in blocks)
        {
            Tensor next = RecomputedBlock.Call(block, output, pass);
            if (!ReferenceEquals(output, input))
                output.Dispose();

            output = next;
        }

        return output;
    }
}
