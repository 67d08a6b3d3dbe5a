using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shards;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudPipe.Shared.Tests.Videos;

/// <summary>A store (a folder, unless another is given) and a queue in a temporary folder, with the first two steps over them.</summary>
internal sealed class InspectionBucket : IDisposable
{
    public const int TileSize = 64;

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteMessageQueue _queue;

    public InspectionBucket(InspectionOptions? options = null, IBlobStore? store = null)
    {
        Options = options ?? new InspectionOptions();
        Options.DefaultRelease = "demo";
        Store = store ?? new FolderBlobStore(_folder.File("root"));
        _queue = new SqliteMessageQueue(_folder.File("queue.db"), new QueueOptions());
        Ingest = new IngestStep(Store, _queue, new ReleaseStore(Store), new VideoProbe(Store, Options), new InspectionPlanner(Options), Options, TimeProvider.System, NullLogger<IngestStep>.Instance);
        Cutter = new ShardCutter(Store, Options);
        Cut = new CutShardStep(Store, _queue, Cutter, NullLogger<CutShardStep>.Instance);
        Store.CreateContainersAsync(BlobContainers.All).GetAwaiter().GetResult();
        _queue.CreateQueuesAsync(QueueNames.All).GetAwaiter().GetResult();
    }

    public InspectionOptions Options { get; }

    public IBlobStore Store { get; }

    public IMessageQueue Queue => _queue;

    private IngestStep Ingest { get; }

    public ShardCutter Cutter { get; }

    public CutShardStep Cut { get; }

    public static Release DemoRelease(double segmentSeconds = 60, int grid = 3) => new(
        "demo",
        new Taxonomy("two", [new DefectClass("ZC", "normal", DefectKind.Normal), new DefectClass("PL", "fracture", DefectKind.Structural)], 0),
        grid,
        segmentSeconds,
        [0.5, 0.5, 0.5],
        [0.25, 0.25, 0.25],
        [new Member("convnext_atto", 0, "demo/0.safetensors", TileSize, 1), new Member("convnext_atto", 1, "demo/1.safetensors", 32, 1), new Member("resnet18", 0, "demo/2.safetensors", 32, 1)],
        new PostProcessing());

    public async Task PublishAsync(Release release)
    {
        foreach (Member member in release.Members)
            await Store.WriteBytesAsync(new BlobPath(BlobContainers.Releases, member.Weights), [1]);
        await Store.WriteJsonAsync(Release.PathOf(release.Name), release);
    }

    public async Task UploadFileAsync(string blobName, string file)
    {
        await using FileStream stream = File.OpenRead(file);
        await Store.WriteAsync(new BlobPath(BlobContainers.Inspections, blobName), stream);
    }

    public Task UploadAsync(string blobName, byte[] content) => Store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, blobName), content);

    public async Task<string> UploadAsync(string blobName, NumberedVideo video)
    {
        string file = TemporaryFile(video.Extension);
        await video.WriteAsync(file);
        await UploadFileAsync(blobName, file);
        return file;
    }

    public string TemporaryFile(string extension) => _folder.File($"{Guid.NewGuid():N}{extension}");

    public async Task<InspectionPlan> ReadPlanAsync(string blobName)
    {
        BlobProperties upload = (await Store.FindAsync(new BlobPath(BlobContainers.Inspections, blobName)))!;
        return (await Store.ReadJsonAsync<InspectionPlan>(InspectionPlan.PathOf(InspectionId.Create(blobName, upload.ETag))))!;
    }

    /// <summary>Ingests an upload.</summary>
    public async Task<InspectionResult?> IngestAsync(string blobName) =>
        await Ingest.RunAsync((await UploadHead.ReadAsync(Store, new BlobPath(BlobContainers.Inspections, blobName)))!, CancellationToken.None);

    /// <summary>Ingests an upload and cuts every shard whose message came.</summary>
    public async Task<(InspectionPlan Plan, List<ShardSegment> Segments)> IngestAndCutAsync(string blobName)
    {
        await IngestAsync(blobName);
        InspectionPlan plan = await ReadPlanAsync(blobName);
        var segments = new List<ShardSegment>();
        foreach (ReceivedMessage message in await ReceiveAllAsync(QueueNames.Cut))
        {
            CutMessage cut = MessageSerializer.Deserialize<CutMessage>(message.Body);
            await Cut.RunAsync(cut, CancellationToken.None);
            byte[] tar = (await Store.ReadBytesAsync(plan.ShardPath(cut.ShardIndex)))!;
            segments.AddRange(await ShardReader.ReadAsync(new MemoryStream(tar)));
        }

        return (plan, segments);
    }

    public async Task<List<ReceivedMessage>> ReceiveAllAsync(string queue)
    {
        var all = new List<ReceivedMessage>();
        while (await Queue.ReceiveAsync(queue, 32, TimeSpan.FromMinutes(5)) is { Count: > 0 } messages)
            all.AddRange(messages);
        return all;
    }

    public void Dispose()
    {
        _queue.Dispose();
        _folder.Dispose();
    }
}
