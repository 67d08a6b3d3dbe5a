using System.Diagnostics.Metrics;
using CloudPipe.Ensembling;
using CloudPipe.Familiarity;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Shards;
using CloudPipe.Storage;
using CloudPipe.Telemetry;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Scoring;

[Collection(TorchCollection.Name)]
public sealed class EnsembleScorerTests : IAsyncLifetime
{
    private const int TileSize = 32;

    private readonly TemporaryFolder _folder = new();
    private readonly List<SegmentTiles> _tiles = [];
    private FolderBlobStore _store = null!;
    private Release _release = null!;
    private long _networkBytes;

    public async Task InitializeAsync()
    {
        _store = new FolderBlobStore(_folder.File("bucket"));
        await _store.CreateContainersAsync(BlobContainers.All);
        Member[] members = [.. Enumerable.Range(0, 2).Select(fold => new Member("convnext_atto", fold, $"two/{fold}.safetensors", TileSize, 1))];
        _release = new Release("two", QvPipeTaxonomy.Taxonomy, 3, 60, [0.5, 0.5, 0.5], [0.25, 0.25, 0.25], members, new PostProcessing());
        foreach (Member member in members)
        {
            manual_seed(member.Fold);
            using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(member.Architecture, new ModelOptions(17, LayerScaleInitialValue: 1));
            _networkBytes = network.parameters().Sum(parameter => parameter.NumberOfElements * 4);
            SafetensorsWriter.Write(_folder.File("weights"), network.state_dict());
            await _store.WriteBytesAsync(new BlobPath(BlobContainers.Releases, member.Weights), await File.ReadAllBytesAsync(_folder.File("weights")));
        }
    }

    public Task DisposeAsync()
    {
        _tiles.ForEach(tiles => tiles.Dispose());
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task An_image_s_bits_do_not_depend_on_its_company()
    {
        using EnsembleScorer scorer = Scorer();
        SegmentTiles[] segments = [Segment(1), Segment(2), Segment(3)];

        SegmentPrediction[] together = await scorer.ScoreAsync(_release, _release.Members[0], segments);

        for (int i = 0; i < segments.Length; i++)
            Assert.Equal((await scorer.ScoreAsync(_release, _release.Members[0], [segments[i]]))[0].Probabilities, together[i].Probabilities);
    }

    [Fact]
    public async Task Shards_that_wait_for_the_same_member_travel_together()
    {
        using var gate = new GatedBlobStore(_store);
        using EnsembleScorer scorer = Scorer(new ScoringOptions { Device = "cpu", BatchSize = 8 }, gate);
        var passes = new PassCounter();
        Task<SegmentPrediction[]> first = scorer.ScoreAsync(_release, _release.Members[0], [Segment(1)]);
        Task<SegmentPrediction[]> other = scorer.ScoreAsync(_release, _release.Members[1], [Segment(1)]);
        Task<SegmentPrediction[]> second = scorer.ScoreAsync(_release, _release.Members[0], [Segment(2), Segment(3)]);
        Task<SegmentPrediction[]> third = scorer.ScoreAsync(_release, _release.Members[0], [Segment(1)]);
        gate.Open();
        SegmentPrediction[][] rows = await Task.WhenAll(first, other, second, third);

        using (passes)
            Assert.Equal(3, passes.Count); // the first alone, the other member, and the last two as one batch of three
        Assert.Equal([1, 1, 2, 1], rows.Select(each => each.Length));
        Assert.All(rows[0][0].Probabilities.Zip(rows[3][0].Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.NotEqual(rows[0][0].Probabilities, rows[1][0].Probabilities);
    }

    [Fact]
    public async Task A_caller_that_is_stopped_leaves_the_others_alone()
    {
        using var gate = new GatedBlobStore(_store);
        using EnsembleScorer scorer = Scorer(new ScoringOptions { Device = "cpu", BatchSize = 8 }, gate);
        using var stop = new CancellationTokenSource();
        Task<SegmentPrediction[]> first = scorer.ScoreAsync(_release, _release.Members[0], [Segment(1)], stop.Token);
        Task<SegmentPrediction[]> waiting = scorer.ScoreAsync(_release, _release.Members[0], [Segment(2)], stop.Token);
        Task<SegmentPrediction[]> patient = scorer.ScoreAsync(_release, _release.Members[0], [Segment(3)]);

        await stop.CancelAsync();
        gate.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Single(await patient);
    }

    [Fact]
    public async Task Under_a_budget_for_one_the_network_used_longest_ago_leaves()
    {
        long before = LiveTensors.CountSettled();
        using (EnsembleScorer scorer = Scorer(new ScoringOptions { Device = "cpu", LoadedMemberBytes = _networkBytes * 3 / 2 }))
        {
            await scorer.ScoreAsync(_release, _release.Members[0], [Segment(1)]);
            long one = Tensor.TotalCount - before;
            await scorer.ScoreAsync(_release, _release.Members[1], [Segment(1)]);

            Assert.Equal(one, Tensor.TotalCount - before);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Networks_run_on_as_many_processors_as_told_and_else_on_all_whatever_ran_before_on_a_thread(int threads)
    {
        var seen = new List<int>();
        using var scorer = new EnsembleScorer(
            new WeightsCache(_store, _folder.File("cache")),
            Options.Create(new ScoringOptions { Device = "cpu", Threads = threads }),
            (architecture, options) =>
            {
                nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, options);
                network.register_forward_pre_hook((_, images) =>
                {
                    seen.Add(get_num_threads());
                    return images;
                });
                return network;
            });
        int before = get_num_threads();
        set_num_threads(3);
        try
        {
            await scorer.ScoreAsync(_release, _release.Members[0], [Segment(1)]);
        }
        finally
        {
            set_num_threads(before);
        }

        Assert.Equal([threads == 0 ? Environment.ProcessorCount : threads], seen);
    }

    [Fact]
    public async Task Bfloat16_scores_are_near_those_of_float32()
    {
        using EnsembleScorer full = Scorer();
        using EnsembleScorer half = Scorer(new ScoringOptions { Device = "cpu", Precision = ScoringPrecision.BFloat16 });
        SegmentTiles segment = Segment(4);

        float[] expected = (await full.ScoreAsync(_release, _release.Members[0], [segment]))[0].Probabilities;
        float[] actual = (await half.ScoreAsync(_release, _release.Members[0], [segment]))[0].Probabilities;

        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.02f));
        Assert.NotEqual(expected, actual);
    }

    [Fact]
    public async Task Of_denser_frames_the_network_sees_those_of_the_super_image()
    {
        using EnsembleScorer scorer = Scorer();
        SegmentTiles dense = Segment(5, frames: 27);
        SegmentTiles shown = Segment(6);
        int tileBytes = shown.Length / 9;
        for (int tile = 0; tile < 9; tile++)
            dense.Pixels.Span.Slice(((3 * tile) + 1) * tileBytes, tileBytes).CopyTo(shown.WritablePixels.Span[(tile * tileBytes)..]);

        Assert.Equal(
            (await scorer.ScoreAsync(_release, _release.Members[0], [shown]))[0].Probabilities,
            (await scorer.ScoreAsync(_release, _release.Members[0], [dense]))[0].Probabilities);
    }

    [Theory]
    [InlineData(false, 0, true)]
    [InlineData(true, 0, false)]
    [InlineData(false, 2, false)]
    [InlineData(true, 3, true)]
    public async Task Of_several_views_a_segment_gets_the_average(bool flip, int shuffle, bool resample)
    {
        var augmentation = new TestTimeAugmentation(flip, shuffle, Seed: 4, resample);
        SegmentTiles[] segments = [Segment(7, frames: 18), Segment(8, frames: 18)];
        using EnsembleScorer scorer = Scorer(new ScoringOptions { Device = "cpu", BatchSize = 3 }); // batches that end within a segment
        long before = LiveTensors.CountSettled();

        SegmentPrediction[] averaged = await scorer.ScoreAsync(_release with { Name = "views", TestTimeAugmentation = augmentation }, _release.Members[0], segments);

        long loaded = Tensor.TotalCount - before;
        IReadOnlyList<SuperImageView> views = SuperImageView.Of(augmentation, new SuperImageFrames(18, 9), 9);
        for (int i = 0; i < segments.Length; i++)
        {
            var rows = new List<float[]>();
            foreach (SuperImageView view in views)
            {
                SegmentTiles shown = Segment(9);
                segments[i].CopySuperImage(9, shown.WritablePixels.Span, view.FramePlace);
                view.Arrange(shown.WritablePixels.Span, TileSize);
                rows.Add((await scorer.ScoreAsync(_release, _release.Members[0], [shown]))[0].Probabilities);
            }

            Assert.Equal(views.Count, rows.DistinctBy(row => row[0]).Count());
            Assert.All(averaged[i].Probabilities.Index(), entry => Assert.Equal(rows.Average(row => (double)row[entry.Index]), entry.Item, 1e-6));
        }

        Assert.Equal(loaded, Tensor.TotalCount - before);
    }

    [Fact]
    public async Task Familiarity_is_told_by_the_members_that_have_statistics_and_scores_stay_as_they_are()
    {
        using EnsembleScorer scorer = Scorer();
        SegmentTiles[] segments = [Segment(5), Segment(6)];
        Release telling = _release with { Name = "telling", Familiarity = new FamiliarityModel([Statistics(featureCount: 280)]) };

        SegmentPrediction[] plain = await scorer.ScoreAsync(_release, _release.Members[0], segments);
        SegmentPrediction[] told = await scorer.ScoreAsync(telling, telling.Members[0], segments);
        SegmentPrediction[] other = await scorer.ScoreAsync(telling, telling.Members[1], segments);

        Assert.All(plain.Concat(other), prediction => Assert.Null(prediction.Familiarity));
        Assert.Equal(plain.Select(prediction => prediction.Probabilities), told.Select(prediction => prediction.Probabilities));
        float[][] features = await FeaturesAsync(segments);
        var familiarity = new FamiliarityScorer(telling.Familiarity!.Members[0]);
        Assert.Equal(features.Select(row => familiarity.Familiarity(row)), told.Select(prediction => prediction.Familiarity!.Value), (expected, actual) => Math.Abs(expected - actual) < 1e-6);
        Assert.All(told, prediction => Assert.InRange(prediction.Familiarity!.Value, 0.01, 0.99));
        Assert.NotEqual(told[0].Familiarity, told[1].Familiarity);
    }

    [Fact]
    public async Task Statistics_of_another_network_reject_the_inspection()
    {
        using EnsembleScorer scorer = Scorer();
        Release wrong = _release with { Familiarity = new FamiliarityModel([Statistics(featureCount: 512)]) };

        var exception = await Assert.ThrowsAsync<InspectionRejectedException>(() => scorer.ScoreAsync(wrong, wrong.Members[0], [Segment(1)]));

        Assert.Equal(ReasonCode.InvalidRelease, exception.Reason.Code);
        Assert.Contains("280 features", exception.Message, StringComparison.Ordinal);
        Assert.Contains("512", exception.Message, StringComparison.Ordinal);
    }

    // Of the first member; distances are lengths, and familiarity falls evenly from 1 at 0 to 0 at 1.
    private static FeatureStatistics Statistics(int featureCount) => new(
        "convnext_atto", 0, 0, [.. Enumerable.Repeat(1.0, featureCount)], new double[8], [.. Enumerable.Range(0, 8).SelectMany(row => Enumerable.Range(0, row + 1).Select(column => row == column ? 1.0 : 0))], [0, 1]);

    private async Task<float[][]> FeaturesAsync(SegmentTiles[] segments)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(17, DrawWeights: false));
        WeightsLoader.Load(network, await new WeightsCache(_store, _folder.File("cache")).GetAsync(_release.Members[0].Weights, CancellationToken.None));
        network.eval();
        using StageMeans means = StageMeans.Of(network)!;
        var builder = new SuperImageBuilder(_release.Grid, TileSize, _release.Mean, _release.StandardDeviation);
        return [.. segments.Select(segment =>
        {
            Tensor tiles = tensor(segment.Pixels.ToArray(), [1, 9, TileSize, TileSize, 3], dtype: ScalarType.Byte);
            return means.Call(builder.Build(tiles, CPU)).Means.data<float>().ToArray();
        })];
    }

    private EnsembleScorer Scorer(ScoringOptions? options = null, IBlobStore? store = null) =>
        new(new WeightsCache(store ?? _store, _folder.File("cache")), Options.Create(options ?? new ScoringOptions { Device = "cpu" }));

    private SegmentTiles Segment(int seed, int frames = 9)
    {
        var tiles = new SegmentTiles(new SegmentManifest(0, 0, 60, [.. Enumerable.Range(0, frames).Select(i => new FrameTime(i, i))]), TileSize);
        new Random(seed).NextBytes(tiles.WritablePixels.Span);
        _tiles.Add(tiles);
        return tiles;
    }

    /// <summary>Counts passes through networks.</summary>
    private sealed class PassCounter : IDisposable
    {
        private readonly MeterListener _listener = new();

        public PassCounter()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == CloudPipeMeter.Name)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                foreach (KeyValuePair<string, object?> tag in tags)
                    Count += tag.Value is CloudPipeMeter.Network ? 1 : 0;
            });
            _listener.Start();
        }

        public int Count { get; private set; }

        public void Dispose() => _listener.Dispose();
    }
}
