using System.Diagnostics;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Queues;
using CloudPipe.Shards;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Scoring;

/// <summary>A folder and a queue with a release of one small network, and shards for it to score.</summary>
internal sealed class ScoringBench : IDisposable
{
    private const int TileSize = 32;
    private const string WeightsName = "small/convnext_atto-fold0.safetensors";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<byte[]> _tile;

    public ScoringBench()
    {
        Store = new FolderBlobStore(_folder.File("bucket"), TimeProvider.System);
        Queue = new SqliteMessageQueue(_folder.File("queue.db"), new QueueOptions());
        Scorer = new EnsembleScorer(new WeightsCache(Store, _folder.File("weights")), Options.Create(new ScoringOptions { Device = "cpu" }));
        Step = new ScoreStep(Store, Queue, new ReleaseStore(Store), Scorer);
        _tile = new Lazy<byte[]>(EncodeTile);
    }

    public FolderBlobStore Store { get; }

    public SqliteMessageQueue Queue { get; }

    public EnsembleScorer Scorer { get; }

    public ScoreStep Step { get; }

    /// <summary>Publishes a release whose network has as many classes as asked, whatever the taxonomy says.</summary>
    public async Task PublishAsync(int networkClasses = 17, bool withWeights = true)
    {
        await Store.CreateContainersAsync(BlobContainers.All);
        var member = new Member("convnext_atto", 0, WeightsName, TileSize, 1);
        var release = new Release("small", QvPipeTaxonomy.Taxonomy, 3, 60, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], [member], new PostProcessing());
        await Store.WriteJsonAsync(Release.PathOf("small"), release);
        if (withWeights)
        {
            manual_seed(1);
            using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(networkClasses));
            SafetensorsWriter.Write(_folder.File("weights.safetensors"), network.state_dict());
            await using FileStream weights = File.OpenRead(_folder.File("weights.safetensors"));
            await Store.WriteAsync(new BlobPath(BlobContainers.Releases, WeightsName), weights);
        }
    }

    /// <summary>Writes a plan of one shard, and the shard.</summary>
    public async Task<InspectionPlan> PlanAsync(string inspectionId, int segments = 2)
    {
        var plan = new InspectionPlan(
            inspectionId,
            $"{inspectionId}.mp4",
            "1",
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch,
            "small",
            3,
            TileSize,
            [[0]],
            new VideoInfo(10 * segments, 0, 320, 240, 25, "h264", "mov", 0),
            [.. Enumerable.Range(0, segments).Select(index => new Segment(index, 10 * index, 10 * (index + 1)))],
            [new Shard(0, 0, segments)]);
        FrameTime[] frames = [.. Enumerable.Range(0, 9).Select(tile => new FrameTime(tile, tile))];
        IEnumerable<ShardSegment> content = plan.Segments.Select(segment => new ShardSegment(
            new SegmentManifest(segment.Index, segment.StartSeconds, segment.EndSeconds, frames),
            [.. frames.Select(_ => (ReadOnlyMemory<byte>)_tile.Value)]));
        using var shard = new MemoryStream();
        await ShardWriter.WriteAsync(shard, content);
        shard.Position = 0;
        await Store.WriteAsync(plan.ShardPath(0), shard);
        await Store.WriteJsonAsync(InspectionPlan.PathOf(inspectionId), plan);
        return plan;
    }

    public void Dispose()
    {
        Scorer.Dispose();
        Queue.Dispose();
        _folder.Dispose();
    }

    private byte[] EncodeTile()
    {
        string file = _folder.File("tile.jpg");
        using Process ffmpeg = Process.Start("ffmpeg", $"-v error -f lavfi -i testsrc2=s={TileSize}x{TileSize} -frames:v 1 {file}");
        ffmpeg.WaitForExit();
        return File.ReadAllBytes(file);
    }
}
