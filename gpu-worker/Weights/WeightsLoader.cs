using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>Puts the weights of a safetensors file into a network.</summary>
public static class WeightsLoader
{
    private const int MostNamed = 3;

    /// <summary>Loads weights; the network keeps its own element type and device.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The safetensors file.</param>
    /// <param name="strict">Whether anything that does not fit is an error, found before the network is touched; otherwise what fits is loaded.</param>
    /// <returns>What fitted.</returns>
    /// <exception cref="WeightsException">The file is unusable, or does not fit and <paramref name="strict"/> is set.</exception>
    public static WeightsReport Load(nn.Module network, string path, bool strict = true)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        Dictionary<string, Tensor> state = network.state_dict();
        WeightsReport report = Compare(state, reader);
        if (strict && !report.IsComplete)
            throw new WeightsException($"The weights '{path}' do not fit {network.GetName()}: {Describe(report)}. Check the release's architecture and number of classes.");

        using var noGrad = no_grad();
        foreach (string key in report.Loaded)
        {
            using Tensor tensor = reader.Read(key);
            state[key].copy_(tensor);
        }

        return report;
    }

    private static WeightsReport Compare(Dictionary<string, Tensor> state, SafetensorsReader reader)
    {
        var found = reader.Entries.ToDictionary(entry => entry.Key, entry => entry.Shape, StringComparer.Ordinal);
        WeightsMismatch[] mismatched =
        [
            .. state
                .Where(entry => found.TryGetValue(entry.Key, out IReadOnlyList<long>? shape) && !shape.SequenceEqual(entry.Value.shape))
                .Select(entry => new WeightsMismatch(entry.Key, entry.Value.shape, found[entry.Key])),
        ];
        return new WeightsReport(
            [.. state.Keys.Where(found.ContainsKey).Except(mismatched.Select(mismatch => mismatch.Key))],
            [.. state.Keys.Where(key => !found.ContainsKey(key))],
            [.. found.Keys.Where(key => !state.ContainsKey(key))],
            mismatched);
    }

    private static string Describe(WeightsReport report)
    {
        var parts = new List<string>();
        if (report.Missing.Count > 0)
            parts.Add($"the file lacks {Name(report.Missing)}");

        if (report.Unexpected.Count > 0)
            parts.Add($"the network has no {Name(report.Unexpected)}");

        parts.AddRange(report.Mismatched.Take(MostNamed).Select(mismatch =>
            $"'{mismatch.Key}' is [{string.Join(", ", mismatch.Found)}] in the file and [{string.Join(", ", mismatch.Expected)}] in the network"));
        return string.Join("; ", parts);
    }

    private static string Name(IReadOnlyList<string> keys) =>
        string.Join(", ", keys.Take(MostNamed).Select(key => $"'{key}'")) + (keys.Count > MostNamed ? $" and {keys.Count - MostNamed} more" : string.Empty);
}
