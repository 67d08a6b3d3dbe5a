using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring.Profiling;

/// <summary>
/// Counts a network's multiplications with addition while it runs: of every layer that has a weight matrix (an output
/// element takes as many as one output channel's weights) and of every attention. Norms, activations and pools are left out,
/// as in the papers' tables. Gradients must be enabled, though no parameter need ask for one: without them a norm is folded
/// into its convolution, and the layer is not called.
/// </summary>
internal sealed class OperationCounter : IDisposable
{
    private readonly List<Action> _removals = [];

    public OperationCounter(nn.Module network)
    {
        foreach (nn.Module module in network.modules())
        {
            if (module is not nn.Module<Tensor, Tensor> layer)
                continue;

            long perOutput = WeightsPerOutput(layer);
            if (perOutput == 0 && layer is not ICountedProducts)
                continue;

            var remover = layer.register_forward_hook((_, input, output) =>
            {
                Total += ((double)perOutput * output.NumberOfElements) + (layer is ICountedProducts products ? products.MultiplyAccumulates(input) : 0);
                return output;
            });
            _removals.Add(remover.remove);
        }
    }

    /// <summary>The count since the start.</summary>
    public double Total { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _removals.ForEach(remove => remove());

    private static long WeightsPerOutput(nn.Module layer)
    {
        Parameter? weight = layer.named_parameters(recurse: false).FirstOrDefault(entry => entry.name == "weight").parameter;
        return weight is { Dimensions: >= 2 } && layer is not Embedding ? weight.NumberOfElements / weight.shape[0] : 0;
    }
}
