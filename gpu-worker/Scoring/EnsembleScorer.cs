using System.Runtime.InteropServices;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.Inspections;
using CloudPipe.Shards;
using CloudPipe.Telemetry;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>
/// Runs members on super-images. One network runs at a time, since it takes the whole device; whoever has its turn takes
/// along what others wait for from the same member, so that shards travel together while their callers decode the next.
/// </summary>
public sealed class EnsembleScorer : IDisposable
{
    private readonly MemberCache _members;
    private readonly Device _device;
    private readonly int _threads;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private readonly List<ScoringRequest> _waiting = [];

    /// <summary>Makes a scorer.</summary>
    /// <param name="weights">Finds the members' weights.</param>
    /// <param name="options">How to score.</param>
    /// <param name="networks">Builds networks; <see langword="null"/> for those of <see cref="ModelCatalog"/>.</param>
    public EnsembleScorer(WeightsCache weights, IOptions<ScoringOptions> options, NetworkFactory? networks = null)
    {
        _threads = options.Value.ResolveThreads();
        _device = options.Value.ResolveDevice();
        _members = new MemberCache(weights, options.Value, _device, networks ?? ModelCatalog.Create);
    }

    /// <summary>Scores segments with one member.</summary>
    /// <param name="release">What the member belongs to: its taxonomy, grid and normalisation.</param>
    /// <param name="member">The member.</param>
    /// <param name="segments">Decoded tiles at the member's tile size.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One per segment.</returns>
    /// <exception cref="InspectionRejectedException">The weights are missing, do not fit the architecture, or give no numbers.</exception>
    public async Task<SegmentPrediction[]> ScoreAsync(Release release, Member member, IReadOnlyList<SegmentTiles> segments, CancellationToken cancellationToken = default)
    {
        if (segments.Count == 0)
            return [];

        var request = new ScoringRequest(release, member, segments);
        lock (_lock)
            _waiting.Add(request);

        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever has taken it along still reads the tiles: they may be given back only when that turn has ended.
            if (!Withdraw(request))
            {
                await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                Withdraw(request);
                _turn.Release();
            }

            throw;
        }

        try
        {
            if (TakeWith(request) is { Count: > 0 } taken)
                await RunAsync(taken, request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }

        return await request.Outcome.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _members.Dispose();
        _turn.Dispose();
    }

    private bool Withdraw(ScoringRequest request)
    {
        lock (_lock)
            return _waiting.Remove(request);
    }

    /// <summary>The request first, then those that share its batches; none when another caller has taken it along.</summary>
    private List<ScoringRequest> TakeWith(ScoringRequest request)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(request))
                return [];

            List<ScoringRequest> taken = [request, .. _waiting.Where(request.SharesBatchWith)];
            _waiting.RemoveAll(taken.Contains);
            return taken;
        }
    }

    private async Task RunAsync(List<ScoringRequest> taken, ScoringRequest own, CancellationToken cancellationToken)
    {
        try
        {
            LoadedMember loaded = await _members.GetAsync(own.Release, own.Member, cancellationToken).ConfigureAwait(false);
            var method = Method.Of(own.Release, own.Member);
            var images = new Queue<(ScoringRequest Request, SegmentTiles Segment, SuperImageView View)>(taken.SelectMany(request => request.Images.Select(image => (request, image.Segment, image.View))));
            while (images.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ScoreBatch(loaded, method, images);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            GiveBack(taken, own);
            throw;
        }
        catch (Exception exception)
        {
            taken.ForEach(request => request.Fail(exception));
        }
    }

    /// <summary>What was taken along waits again: its callers have not been cancelled.</summary>
    private void GiveBack(List<ScoringRequest> taken, ScoringRequest own)
    {
        lock (_lock)
        {
            foreach (ScoringRequest request in taken.Where(request => request != own && !request.Outcome.IsCompleted))
            {
                request.StartOver();
                _waiting.Add(request);
            }
        }
    }

    private void ScoreBatch(LoadedMember loaded, Method method, Queue<(ScoringRequest Request, SegmentTiles Segment, SuperImageView View)> images)
    {
        (ScoringRequest Request, SegmentTiles Segment, SuperImageView View)[] batch = [.. images.Take(loaded.BatchLimit.Size)];
        try
        {
            (float[][] rows, float[][]? features) = Score(loaded, method, [.. batch.Select(image => (image.Segment, image.View))]);
            for (int i = 0; i < batch.Length; i++)
            {
                images.Dequeue();
                Deliver(batch[i].Request, loaded, rows[i], features?[i]);
            }

            if (batch.Length == loaded.BatchLimit.Size)
                loaded.BatchLimit.Fitted();
        }
        catch (ExternalException exception) when (loaded.BatchLimit.Shrinks(exception, batch.Length))
        {
            // The same images again, fewer at a time.
        }
    }

    // Weights that overflowed in training are of the right shape and yet worthless.
    private static void Deliver(ScoringRequest request, LoadedMember loaded, float[] row, float[]? features)
    {
        if (!row.All(float.IsFinite) || features?.All(float.IsFinite) == false)
            Refuse("the network's answers are no numbers. Train it again, or choose another release.");
        else if (features is not null && features.Length != loaded.Familiarity!.Scorer.FeatureCount)
            Refuse($"the network has {features.Length} features, and the release's feature statistics are of {loaded.Familiarity.Scorer.FeatureCount}. They belong to another network: leave familiarity out of the release, or choose another one.");
        else
            request.Add(new SegmentPrediction(row, features is null ? null : loaded.Familiarity!.Scorer.Familiarity(features)));

        void Refuse(string reason) =>
            request.Fail(new InspectionRejectedException(ReasonCode.InvalidRelease, $"Release '{request.Release.Name}', member '{request.Member.Weights}': {reason}"));
    }

    private (float[][] Probabilities, float[][]? Features) Score(LoadedMember loaded, Method method, (SegmentTiles Segment, SuperImageView View)[] batch)
    {
        using CloudPipeMeter.Measurement measurement = CloudPipeMeter.MeasureWork(CloudPipeMeter.Network);
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();

        // Each thread has a number of its own, sums depend on it, and a pass may run on any thread of the pool.
        set_num_threads(_threads);
        Tensor images = method.Build(Stack(batch, method.TileCount), _device).to_type(loaded.Precision);
        Tensor logits;
        Tensor? features = null;
        if (loaded.Familiarity is { } familiarity)
            (features, logits) = familiarity.Means.Call(images);
        else
            logits = method.Logits(loaded.Network, images);

        Tensor probabilities = method.Pool(logits.to_type(ScalarType.Float32).sigmoid(), batch.Length); // [N, classes]
        return (Rows(probabilities), features is null ? null : Rows(features));
    }

    // [N, values]
    private static float[][] Rows(Tensor tensor) => [.. tensor.cpu().data<float>().ToArray().Chunk((int)tensor.shape[1])];

    private static Tensor Stack((SegmentTiles Segment, SuperImageView View)[] images, int tileCount)
    {
        int tileSize = images[0].Segment.TileSize;
        Tensor tiles = empty([images.Length, tileCount, tileSize, tileSize, 3], dtype: ScalarType.Byte);
        Span<byte> bytes = tiles.bytes;
        int imageBytes = bytes.Length / images.Length;
        for (int index = 0; index < images.Length; index++)
        {
            Span<byte> image = bytes.Slice(index * imageBytes, imageBytes);
            images[index].Segment.CopySuperImage(tileCount, image, images[index].View.FramePlace);
            images[index].View.Arrange(image, tileSize);
        }

        return tiles;
    }
}
