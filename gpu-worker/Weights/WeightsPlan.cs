using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights.Naming;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>Decides key by key how a file goes into a network; touches neither.</summary>
internal sealed class WeightsPlan
{
    private const string RelativePositionTableSuffix = ".relative_position_bias_table";

    private readonly WeightsFile file;
    private readonly WeightsOptions options;
    private readonly WeightsNaming naming;
    private readonly string? firstConvolution;
    private readonly Dictionary<string, TokenSize> attentionWindows;

    private WeightsPlan(nn.Module network, IReadOnlyList<KeyValuePair<string, Tensor>> state, WeightsFile file, WeightsOptions options)
    {
        this.file = file;
        this.options = options;
        naming = Detect(state, file, options.Architecture);
        firstConvolution = FirstConvolution.KeyOf(state);
        attentionWindows = network.named_modules()
            .Where(entry => entry.module is ShiftedWindowAttention)
            .ToDictionary(entry => entry.name + RelativePositionTableSuffix, entry => ((ShiftedWindowAttention)entry.module).Window, StringComparer.Ordinal);
    }

    /// <summary>Every key of the network, then what only the file has; and whose names the file has.</summary>
    public static (WeightsNaming Naming, IReadOnlyList<PlannedKey> Keys) Create(nn.Module network, WeightsFile file, WeightsOptions options)
    {
        IReadOnlyList<KeyValuePair<string, Tensor>> state = NetworkState.Of(network);
        var plan = new WeightsPlan(network, state, file, options);
        PlannedKey[] keys = [.. state.Select(entry => plan.Plan(entry.Key, entry.Value))];
        keys = options.FineTuning ? ReplaceWholeLayers(keys) : keys;
        var taken = keys.Select(key => key.Report.FileKey).ToHashSet(StringComparer.Ordinal);
        return (plan.naming,
        [
            .. keys,
            .. file.Entries
                .Where(entry => !taken.Contains(entry.Key) && !KeyNaming.IsDerived(entry.Key))
                .Select(entry => new PlannedKey(new WeightsKeyReport(entry.Key, entry.Key, WeightsOutcome.Unexpected, null, entry.Shape))),
        ]);
    }

    // By a vote of the keys: a file that lacks some of them is still recognised.
    private static WeightsNaming Detect(IReadOnlyList<KeyValuePair<string, Tensor>> state, WeightsFile file, string? architecture)
    {
        if (architecture is null)
            return WeightsNaming.Timm;

        int timm = state.Count(entry => file.Find(entry.Key) is not null);
        int torchvision = state.Count(entry => KeyNaming.ToTorchvision(architecture, entry.Key) is { } key && file.Find(key) is not null);
        return torchvision > timm ? WeightsNaming.Torchvision : WeightsNaming.Timm;
    }

    private PlannedKey Plan(string key, Tensor target)
    {
        long[] expected = target.shape;
        if (Find(key) is not { } entry)
            return Decided(options.FineTuning && ClassifierKeys.Contains(key) ? WeightsOutcome.Replaced : WeightsOutcome.Missing);

        if (IsSame(entry.Shape, expected))
            return Decided(WeightsOutcome.Loaded) with { Target = target };

        if (!options.FineTuning)
            return Decided(WeightsOutcome.OtherShape);

        if (key == firstConvolution && FirstConvolution.CanAdapt(entry.Shape, expected))
            return Decided(WeightsOutcome.Adapted) with { Target = target, Change = tensor => FirstConvolution.Adapt(tensor, expected[1]) };

        if (attentionWindows.TryGetValue(key, out TokenSize window) && RelativePositionTable.CanResize(entry.Shape, expected))
            return Decided(WeightsOutcome.Resized) with { Target = target, Change = table => RelativePositionTable.Resize(table, window) };

        return Decided(ClassifierKeys.Contains(key) ? WeightsOutcome.Replaced : WeightsOutcome.OtherShape);

        PlannedKey Decided(WeightsOutcome outcome) => new(new WeightsKeyReport(key, Find(key)?.Key, outcome, expected, Find(key)?.Shape));
    }

    private WeightsEntry? Find(string key)
    {
        string? named = naming == WeightsNaming.Torchvision ? KeyNaming.ToTorchvision(options.Architecture!, key) : key;
        return (named is null ? null : file.Find(named)) ?? (MlDecoderNaming.ToMiil(key) is { } miil ? file.Find(miil) : null);
    }

    // [C, 1, 1] is [C], and [out, in, 1, 1] is [out, in]: the same elements, which broadcasting or a 1×1 convolution reads alike.
    private static bool IsSame(IReadOnlyList<long> found, IReadOnlyList<long> expected)
    {
        int common = Math.Min(found.Count, expected.Count);
        return found.Take(common).SequenceEqual(expected.Take(common)) && found.Skip(common).Concat(expected.Skip(common)).All(length => length == 1);
    }

    // A bias belongs to the classes of its weight, even where the shapes happen to fit.
    private static PlannedKey[] ReplaceWholeLayers(PlannedKey[] keys)
    {
        var layers = keys.Where(key => key.Report.Outcome == WeightsOutcome.Replaced).Select(key => LayerOf(key.Report.Key)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. keys.Select(key => ClassifierKeys.Contains(key.Report.Key) && layers.Contains(LayerOf(key.Report.Key))
                ? new PlannedKey(key.Report with { Outcome = WeightsOutcome.Replaced })
                : key),
        ];
    }

    private static string LayerOf(string key) => key[..Math.Max(0, key.LastIndexOf('.'))];
}
