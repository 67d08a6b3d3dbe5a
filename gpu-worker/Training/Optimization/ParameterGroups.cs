using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>Divides a network's parameters by whether they decay and by how deep they lie.</summary>
internal static class ParameterGroups
{
    // What has two and more dimensions and is no weight that mixes features: NFNet's gains are [C, 1, 1, 1] (its authors exempt
    // gains, Brock et al. 2021, appendix A), Swin's position tables one row a place, a transformer's learnt token and places
    // likewise (timm's no_weight_decay).
    private static readonly string[] UndecayedSuffixes = [".gain", ".relative_position_bias_table", ".cls_token", ".pos_embed"];

    /// <summary>
    /// The groups. Biases, norms, scales and position tables do not decay. A layer's learning rate is scaled by
    /// <paramref name="layerDecay"/> once for each layer above it (Clark et al., ELECTRA, 2020, https://arxiv.org/abs/2003.10555,
    /// section 3.1), as timm's <c>param_groups_layer_decay</c> does.
    /// </summary>
    public static IReadOnlyList<ParameterGroup> Of(nn.Module network, double weightDecay, double layerDecay)
    {
        IReadOnlyDictionary<string, int> layers = LayerDepth.Of(network);
        int top = layers.Values.Max();
        return
        [
            .. network.named_parameters()
                .Where(entry => entry.parameter.requires_grad)
                .GroupBy(entry => (Layer: layerDecay == 1 ? top : layers[entry.name], Decays: Decays(entry.name, entry.parameter)))
                .Select(group => new ParameterGroup(
                    Math.Pow(layerDecay, top - group.Key.Layer),
                    group.Key.Decays ? weightDecay : 0,
                    [.. group.Select(entry => KeyValuePair.Create(entry.name, entry.parameter))])),
        ];
    }

    private static bool Decays(string key, Parameter parameter) =>
        parameter.Dimensions >= 2 && !UndecayedSuffixes.Any(suffix => key.EndsWith(suffix, StringComparison.Ordinal));
}
