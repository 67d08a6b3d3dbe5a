using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Inspections;
using CloudPipe.Shards;
using CloudPipe.Telemetry;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>
/// Runs members on super-images. Networks stay loaded under a byte budget; the one used longest ago leaves first. One
/// network runs at a time, since it takes the whole device.
/// </summary>
public sealed class EnsembleScorer : IDisposable
{
    private readonly WeightsCache _weights;
    private readonly ScoringOptions _options;
    private readonly Device _device;
    private readonly SemaphoreSlim _turn = new(1, 1);

    // In order of use, the latest last.
    private readonly List<(string Key, LoadedMember Member)> _loaded = [];

    /// <summary>Makes a scorer.</summary>
    /// <param name="weights">Finds the members' weights.</param>
    /// <param name="options">How to score.</param>
    public EnsembleScorer(WeightsCache weights, IOptions<ScoringOptions> options)
    {
        _weights = weights;
        _options = options.Value;
        if (_options.Threads > 0)
        {
            set_num_threads(_options.Threads);
        }

        _device = _options.Device == "auto" ? (cuda.is_available() ? CUDA : CPU) : device(_options.Device);
    }

    /// <summary>Scores segments with one member.</summary>
    /// <param name="release">What the member belongs to: its taxonomy, grid and normalisation.</param>
    /// <param name="member">The member.</param>
    /// <param name="segments">Decoded tiles at the member's tile size.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One row per segment, one probability (0..1) per class.</returns>
    /// <exception cref="InspectionRejectedException">The weights are missing, do not fit the architecture, or give no numbers.</exception>
    public async Task<float[][]> ScoreAsync(Release release, Member member, IReadOnlyList<SegmentTiles> segments, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            LoadedMember loaded = await LoadAsync(release, member, cancellationToken).ConfigureAwait(false);
            var builder = new SuperImageBuilder(release.Grid, member.TileSize, release.Mean, release.StandardDeviation);
            var rows = new List<float[]>(segments.Count);
            foreach (SegmentTiles[] batch in segments.Chunk(_options.BatchSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows.AddRange(ScoreBatch(loaded.Network, builder, batch));
            }

            // Weights that overflowed in training are of the right shape and yet worthless.
            return rows.All(row => row.All(float.IsFinite))
                ? [.. rows]
                : throw new InspectionRejectedException(
                    ReasonCode.InvalidRelease, $"Release '{release.Name}', member '{member.Weights}': the network's answers are no numbers. Train it again, or choose another release.");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loaded.ForEach(entry => entry.Member.Dispose());
        _loaded.Clear();
        _turn.Dispose();
    }

    private IEnumerable<float[]> ScoreBatch(nn.Module<Tensor, Tensor> network, SuperImageBuilder builder, SegmentTiles[] batch)
    {
        using CloudPipeMeter.Measurement measurement = CloudPipeMeter.MeasureWork(CloudPipeMeter.Network);
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor images = builder.Build(Stack(batch), _device); // [N, 3, grid·tile, grid·tile]
        Tensor probabilities = network.forward(images).sigmoid().to(ScalarType.Float32).cpu(); // [N, classes]
        float[] values = probabilities.data<float>().ToArray();
        return values.Chunk(values.Length / batch.Length);
    }

    private static Tensor Stack(SegmentTiles[] segments)
    {
        SegmentTiles first = segments[0];
        Tensor tiles = empty([segments.Length, first.TileCount, first.TileSize, first.TileSize, 3], dtype: ScalarType.Byte);
        Span<byte> bytes = tiles.bytes;
        for (int index = 0; index < segments.Length; index++)
        {
            segments[index].Pixels.Span.CopyTo(bytes[(index * first.Length)..]);
        }

        return tiles;
    }

    private async Task<LoadedMember> LoadAsync(Release release, Member member, CancellationToken cancellationToken)
    {
        string file = await _weights.GetAsync(member.Weights, cancellationToken).ConfigureAwait(false);
        string key = $"{member.Architecture}:{release.Taxonomy.Count}:{file}";
        int index = _loaded.FindIndex(entry => entry.Key == key);
        if (index >= 0)
        {
            (string Key, LoadedMember Member) entry = _loaded[index];
            _loaded.RemoveAt(index);
            _loaded.Add(entry);
            return entry.Member;
        }

        long bytes = new FileInfo(file).Length;
        while (_loaded.Count > 0 && _loaded.Sum(entry => entry.Member.Bytes) + bytes > _options.LoadedMemberBytes)
        {
            _loaded[0].Member.Dispose();
            _loaded.RemoveAt(0);
        }

        var loaded = new LoadedMember(Build(release, member, file), bytes);
        _loaded.Add((key, loaded));
        return loaded;
    }

    private nn.Module<Tensor, Tensor> Build(Release release, Member member, string file)
    {
        nn.Module<Tensor, Tensor>? network = null;
        try
        {
            network = ModelCatalog.Create(member.Architecture, new ModelOptions(release.Taxonomy.Count));
            WeightsLoader.Load(network, file);
        }
        catch (Exception exception) when (exception is UnknownArchitectureException or WeightsException)
        {
            network?.Dispose();
            throw new InspectionRejectedException(
                ReasonCode.InvalidRelease, $"Release '{release.Name}', member '{member.Weights}': {exception.Message}");
        }

        network.to(_device);
        network.eval();
        return network;
    }
}
