using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// Keeps what chosen modules of a network take in or give out while it runs. A module is named by its path, for example
/// <c>stages.2</c>; the suffix <c>&lt;input&gt;</c> asks for its input, as in <c>head.fc&lt;input&gt;</c>.
/// </summary>
public sealed class FeatureCapture : IDisposable
{
    private const string InputSuffix = "<input>";

    private readonly Dictionary<string, Tensor> features = new(StringComparer.Ordinal);
    private readonly List<Action> removals = [];

    /// <summary>Starts to capture.</summary>
    /// <param name="network">The network.</param>
    /// <param name="names">Paths of its modules.</param>
    /// <exception cref="ArgumentException">The network has no module of that path.</exception>
    public FeatureCapture(nn.Module network, IEnumerable<string> names)
    {
        Dictionary<string, nn.Module> modules = network.named_modules().ToDictionary(entry => entry.name, entry => entry.module);
        foreach (string name in names)
        {
            bool isInput = name.EndsWith(InputSuffix, StringComparison.Ordinal);
            string path = isInput ? name[..^InputSuffix.Length] : name;
            if (!modules.TryGetValue(path, out nn.Module? module) || module is not nn.Module<Tensor, Tensor> layer)
            {
                Dispose();
                throw new ArgumentException($"The network {network.GetName()} has no module '{path}' that maps a tensor to a tensor.", nameof(names));
            }

            var remover = layer.register_forward_hook((_, input, output) =>
            {
                Keep(name, isInput ? input : output);
                return output;
            });
            removals.Add(remover.remove);
        }
    }

    /// <summary>What the last run left, by the names that were asked for; detached from autograd, and disposed with this object.</summary>
    public IReadOnlyDictionary<string, Tensor> Features => features;

    /// <summary>Stops capturing and frees the features.</summary>
    public void Dispose()
    {
        removals.ForEach(remove => remove());
        removals.Clear();
        foreach (Tensor feature in features.Values)
            feature.Dispose();

        features.Clear();
    }

    private void Keep(string name, Tensor feature)
    {
        if (features.Remove(name, out Tensor? previous))
            previous.Dispose();

        // Its own memory: networks dispose of intermediate tensors as they go, and activations work in place.
        using var noGrad = no_grad();
        features[name] = feature.clone().DetachFromDisposeScope();
    }
}
