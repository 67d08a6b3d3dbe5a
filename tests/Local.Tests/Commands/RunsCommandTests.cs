using System.Text;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Progress;
using CloudPipe.Runs;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Local.Tests.Commands;

public sealed class RunsCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_fold_shows_how_far_it_is()
    {
        var store = new FolderBlobStore(folder.FullPath);
        await store.CreateContainersAsync(BlobContainers.All);
        var request = new RunRequest { Dataset = "pipes", Models = [new RunModel("resnet18")], Folds = 4 };
        await store.WriteJsonAsync(RunPlan.PathOf("run-1"), new RunPlan("run-1", "run.json", "1", DateTimeOffset.UnixEpoch, "run", request, "hash", null, [0, 1, 2, 3]));
        await store.WriteJsonAsync(FoldOutcome.PathOf("run-1", "resnet18", 0), new FoldOutcome("resnet18", 0, DateTimeOffset.UnixEpoch, null, new FoldTraining("w", "00", 64, 2, [], [], null)));
        await store.WriteJsonAsync(FoldOutcome.PathOf("run-1", "resnet18", 1), new FoldOutcome("resnet18", 1, DateTimeOffset.UnixEpoch, "The loss is no number.", null));
        string lines = string.Concat(new[] { 1, 2 }.Select(epoch => JsonSerializer.Serialize(new FoldProgress(DateTimeOffset.UnixEpoch, epoch, 30, 1.5, 0.25), CloudPipeJson.Options) + "\n"));
        await store.WriteBytesAsync(FoldProgress.PathOf("run-1", "resnet18", 2), Encoding.UTF8.GetBytes(lines));
        await store.WriteBytesAsync(new BlobPath(BlobContainers.Training, "next.json"), "{}"u8.ToArray());
        await store.WriteBytesAsync(new BlobPath(BlobContainers.Training, "weights/resnet18.json"), "{}"u8.ToArray());

        IReadOnlyList<RunProgress> runs = await new RunProgressReader(store).ReadAllAsync();

        Assert.Equal(["next.json", "run.json"], runs.Select(run => run.BlobName).Order(StringComparer.Ordinal));
        RunProgress run = runs.Single(found => found.RunId == "run-1");
        Assert.Equal(["trained", "failed", "training", "waiting"], run.Folds.Select(fold => fold.Stage));
        Assert.Equal(2, run.Folds[2].Last!.Epoch);
        Assert.Null(run.Result);
    }
}
