using CloudPipe.Ensembling;
using CloudPipe.Familiarity;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Inspections;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>
/// Networks with their weights, one copy of each, under a byte budget: the one used longest ago leaves first. Not for use
/// from two threads at once.
/// </summary>
/// <param name="weights">Finds the members' weights.</param>
/// <param name="options">How to score.</param>
/// <param name="device">Where networks run.</param>
/// <param name="networks">Builds networks.</param>
internal sealed class MemberCache(WeightsCache weights, ScoringOptions options, Device device, NetworkFactory networks) : IDisposable
{
    // In order of use, the latest last.
    private readonly List<(string Key, LoadedMember Member)> _loaded = [];

    private bool IsCpu => device.type == DeviceType.CPU;

    /// <summary>Finds a member's network, loading it if need be.</summary>
    /// <param name="release">What the member belongs to.</param>
    /// <param name="member">The member.</param>
    /// <param name="cancellationToken">Stops fetching its weights.</param>
    /// <returns>The network; it stays the cache's.</returns>
    /// <exception cref="InspectionRejectedException">The weights are missing or do not fit the architecture.</exception>
    public async Task<LoadedMember> GetAsync(Release release, Member member, CancellationToken cancellationToken)
    {
        string file = await weights.GetAsync(member.Weights, cancellationToken).ConfigureAwait(false);

        // Feature statistics are of super-images.
        FeatureStatistics? statistics = member.Method is null ? release.Familiarity?.Members.FirstOrDefault(entry => entry.Architecture == member.Architecture && entry.Fold == member.Fold) : null;

        // Networks whose parameters depend on the size of their images, or on how many there are, are other networks at another size.
        string key = $"{member.Architecture}:{release.Taxonomy.Count}:{release.Grid}:{member.TileSize}:{member.Method}:{file}{(statistics is null ? "" : $":{release.Name}")}";
        int index = _loaded.FindIndex(entry => entry.Key == key);
        if (index >= 0)
        {
            (string Key, LoadedMember Member) entry = _loaded[index];
            _loaded.RemoveAt(index);
            _loaded.Add(entry);
            return entry.Member;
        }

        // Room before the new one comes: a file's size is near enough to what its network will take.
        MakeRoom(new FileInfo(file).Length);
        LoadedMember loaded = Load(release, member, statistics, file);
        MakeRoom(loaded.Bytes);
        _loaded.Add((key, loaded));
        return loaded;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loaded.ForEach(entry => entry.Member.Dispose());
        _loaded.Clear();
    }

    private void MakeRoom(long bytes)
    {
        while (_loaded.Count > 0 && _loaded.Sum(entry => entry.Member.Bytes) + bytes > options.LoadedMemberBytes)
        {
            _loaded[0].Member.Dispose();
            _loaded.RemoveAt(0);
        }
    }

    private LoadedMember Load(Release release, Member member, FeatureStatistics? statistics, string file)
    {
        nn.Module<Tensor, Tensor>? network = null;
        try
        {
            network = Method.Of(release, member).CreateNetwork(networks, member.Architecture, new ModelOptions(release.Taxonomy.Count, DrawWeights: false));
            WeightsLoader.Load(network, file);
        }
        catch (Exception exception) when (exception is UnknownArchitectureException or MethodException or WeightsException)
        {
            network?.Dispose();
            throw new InspectionRejectedException(
                ReasonCode.InvalidRelease, $"Release '{release.Name}', member '{member.Weights}': {exception.Message}");
        }

        ScalarType precision = options.Precision.Resolve(IsCpu);
        network.to(device, precision);
        network.eval();
        MemberFamiliarity? familiarity = statistics is not null && StageMeans.Of(network) is { } means ? new(means, new FamiliarityScorer(statistics)) : null;
        long bytes = NetworkState.Of(network).Sum(entry => entry.Value.NumberOfElements * entry.Value.ElementSize);
        return new LoadedMember(network, precision, familiarity, new BatchLimit(options.BatchSize, IsCpu), bytes);
    }
}
