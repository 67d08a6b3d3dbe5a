using CloudPipe.GpuWorker.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>Compares weights files with the networks of the catalog.</summary>
public static class WeightsCatalog
{
    // No layer of a network is as wide as this, so that an axis of this length is one of the classes.
    private const int ProbeClassCount = 97;

    /// <summary>Finds the networks that a file fills, whatever its number of classes. Builds one network after another: seconds, and the memory of the largest.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="cancellationToken">Stops between two networks.</param>
    /// <returns>Those whose every key and shape is in the file, and nothing else; in alphabetical order.</returns>
    public static IReadOnlyList<CatalogMatch> Find(WeightsFile file, CancellationToken cancellationToken = default)
    {
        var matches = new List<CatalogMatch>();
        foreach (string architecture in ModelCatalog.Names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Match(file, architecture) is { } match)
                matches.Add(match);
        }

        return matches;
    }

    /// <summary>Compares a file with one network of the catalog, strictly.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="architecture">The catalog name.</param>
    /// <param name="classCount">How many classes; null takes the file's own number, or 1 where that cannot be told.</param>
    /// <returns>What would become of every key.</returns>
    /// <exception cref="UnknownArchitectureException">There is none of that name.</exception>
    public static WeightsReport Verify(WeightsFile file, string architecture, int? classCount)
    {
        int classes = classCount ?? ClassCount(Compare(file, architecture, ProbeClassCount, fineTuning: true)) ?? 1;
        return Compare(file, architecture, classes, fineTuning: false);
    }

    /// <summary>How the file's tensors go into a network of other classes: the classifier's own are marked as replaced.</summary>
    internal static WeightsReport Probe(WeightsFile file, string architecture) => Compare(file, architecture, ProbeClassCount, fineTuning: true);

    private static CatalogMatch? Match(WeightsFile file, string architecture)
    {
        WeightsReport report = Probe(file, architecture);
        bool fits = report.Keys.All(key => key.Outcome == WeightsOutcome.Loaded || (key.Outcome == WeightsOutcome.Replaced && key.FileKey is not null));
        return fits && ClassCount(report) is int classCount ? new CatalogMatch(architecture, classCount, report.Naming) : null;
    }

    // The length of the file's axes where the network has the probe's number of classes, if it is the same in all of them.
    private static int? ClassCount(WeightsReport report)
    {
        long[] counts =
        [
            .. report.Keys
                .Where(key => key is { Expected: [ProbeClassCount, ..], Found: [_, ..] } && key.Expected.Skip(1).SequenceEqual(key.Found.Skip(1)))
                .Select(key => key.Found![0])
                .Distinct(),
        ];
        return counts is [>= 1 and <= int.MaxValue] ? (int)counts[0] : null;
    }

    private static WeightsReport Compare(WeightsFile file, string architecture, int classCount, bool fineTuning)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(classCount, DrawWeights: false));
        return WeightsLoader.Compare(network, file, new WeightsOptions(architecture, fineTuning));
    }
}
