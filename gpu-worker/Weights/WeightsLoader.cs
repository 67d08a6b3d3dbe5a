using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>Puts the weights of a file into a network.</summary>
public static class WeightsLoader
{
    private const int MostNamed = 3;

    // Old files lack it; it only counts, and training with a fixed momentum does not read it.
    private const string CounterSuffix = ".num_batches_tracked";

    /// <summary>
    /// Loads weights; the network keeps its own element type and device. Tensors go from the file into the network piece by
    /// piece, so that beside the network itself little memory is needed.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file, safetensors or PyTorch's.</param>
    /// <param name="options">How; by default every key must fit, by timm's names.</param>
    /// <returns>What became of every key.</returns>
    /// <exception cref="WeightsException">The file is unusable, or does not fit; the network is untouched.</exception>
    public static WeightsReport Load(nn.Module network, string path, WeightsOptions? options = null)
    {
        options ??= new WeightsOptions();
        using WeightsFile file = WeightsFile.Open(path, options.PreferEma);
        (WeightsNaming naming, IReadOnlyList<PlannedKey> keys) = WeightsPlan.Create(network, file, options);
        var report = new WeightsReport(naming, [.. keys.Select(key => key.Report)]);
        if (!Fits(report, options))
            throw new WeightsException($"The weights '{path}' do not fit {options.Architecture ?? network.GetName()}: {Describe(report, options)}. {Advice(options)}");

        using var noGrad = no_grad();
        foreach (PlannedKey key in keys.Where(key => key.Target is not null))
        {
            if (key.Change is null)
            {
                file.ReadInto(key.Report.FileKey!, key.Target!);
                continue;
            }

            using Tensor found = file.Read(key.Report.FileKey!);
            using Tensor changed = key.Change(found);
            key.Target!.copy_(changed);
        }

        return report;
    }

    /// <summary>Compares a file with a network, and changes neither.</summary>
    /// <param name="network">The network.</param>
    /// <param name="file">The open file.</param>
    /// <param name="options">How it would be loaded.</param>
    /// <returns>What would become of every key.</returns>
    public static WeightsReport Compare(nn.Module network, WeightsFile file, WeightsOptions options)
    {
        (WeightsNaming naming, IReadOnlyList<PlannedKey> keys) = WeightsPlan.Create(network, file, options);
        return new WeightsReport(naming, [.. keys.Select(key => key.Report)]);
    }

    /// <summary>Whether <see cref="Load"/> accepts what a comparison found.</summary>
    /// <param name="report">The comparison.</param>
    /// <param name="options">How it would be loaded.</param>
    /// <returns>Whether it does.</returns>
    public static bool Fits(WeightsReport report, WeightsOptions options) => !Hindrances(report, options).Any();

    // Training on top of a backbone that is partly random would look like training, only worse.
    private static IEnumerable<WeightsKeyReport> Hindrances(WeightsReport report, WeightsOptions options) => options.FineTuning
        ? report.Keys.Where(key => key.Outcome is WeightsOutcome.Missing or WeightsOutcome.OtherShape && !key.Key.EndsWith(CounterSuffix, StringComparison.Ordinal))
        : report.Keys.Where(key => key.Outcome != WeightsOutcome.Loaded);

    private static string Advice(WeightsOptions options) => options.FineTuning
        ? "Choose the architecture that the weights are of; 'cloudpipe weights inspect' shows which."
        : "Check the release's architecture and number of classes.";

    private static string Describe(WeightsReport report, WeightsOptions options)
    {
        ILookup<WeightsOutcome, WeightsKeyReport> hindrances = Hindrances(report, options).ToLookup(key => key.Outcome);
        var parts = new List<string>();
        if (hindrances[WeightsOutcome.Missing].Any())
            parts.Add($"the file lacks {Name(hindrances[WeightsOutcome.Missing])}");

        if (hindrances[WeightsOutcome.Unexpected].Any())
            parts.Add($"the network has no {Name(hindrances[WeightsOutcome.Unexpected])}");

        parts.AddRange(hindrances[WeightsOutcome.OtherShape].Take(MostNamed).Select(key =>
            $"'{key.Key}' is [{string.Join(", ", key.Found!)}] in the file and [{string.Join(", ", key.Expected!)}] in the network"));
        return string.Join("; ", parts);
    }

    private static string Name(IEnumerable<WeightsKeyReport> keys)
    {
        string[] names = [.. keys.Select(key => $"'{key.Key}'")];
        return string.Join(", ", names.Take(MostNamed)) + (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : string.Empty);
    }
}
