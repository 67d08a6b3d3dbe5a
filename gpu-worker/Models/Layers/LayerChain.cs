using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// Calls layers one after another and frees each result once the next is there, where a dispose scope would keep all to
/// its end: a block that widens its input sixfold then holds two wide tensors, not five. Autograd keeps what it needs itself.
/// </summary>
internal static class LayerChain
{
    public static Tensor Call(Tensor input, params ReadOnlySpan<nn.Module<Tensor, Tensor>> layers)
    {
        Tensor output = input;
        foreach (nn.Module<Tensor, Tensor> layer in layers)
        {
            Tensor next = layer.call(output);
            if (!ReferenceEquals(output, input))
                output.Dispose();

            output = next;
        }

        return output;
    }
}
