using CloudPipe.GpuWorker.Training.Checkpoints;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Training.Checkpoints;

public sealed class CheckpointBlobsTests : IDisposable
{
    private static readonly BlobPath Prefix = new(BlobContainers.Runs, "run-1/resnet18-fold0/checkpoints/");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Checkpoints_are_listed_oldest_first_read_back_and_deleted()
    {
        FolderBlobStore store = await StoreAsync();
        CheckpointBlobs checkpoints = Open(store);

        checkpoints.Write("step-000000010", path => File.WriteAllText(path, "ten"));
        checkpoints.Write("step-000000009", path => File.WriteAllText(path, "nine"));
        checkpoints.Write("step-000000010", path => File.WriteAllText(path, "ten again"));

        // Another worker finds them.
        CheckpointBlobs elsewhere = Open(store);
        Assert.Equal(["step-000000009", "step-000000010"], elsewhere.List());
        Assert.Equal("ten again", elsewhere.Read("step-000000010", File.ReadAllText));
        elsewhere.Delete("step-000000009");
        elsewhere.Delete("step-000000009");
        Assert.Equal(["step-000000010"], checkpoints.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("scratch")));
    }

    [Fact]
    public async Task A_checkpoint_whose_writing_fails_is_not_there()
    {
        FolderBlobStore store = await StoreAsync();

        Assert.Throws<IOException>(() => Open(store).Write("step-000000001", path =>
        {
            File.WriteAllText(path, "half");
            throw new IOException("The disk is full.");
        }));

        Assert.Empty(Open(store).List());
        Assert.Throws<CheckpointException>(() => Open(store).Read("step-000000001", File.ReadAllText));
    }

    [Fact]
    public async Task Other_folds_checkpoints_are_none_of_its_own()
    {
        FolderBlobStore store = await StoreAsync();
        new CheckpointBlobs(store, new BlobPath(BlobContainers.Runs, "run-1/resnet18-fold1/checkpoints/"), folder.File("scratch"), CancellationToken.None)
            .Write("step-000000001", path => File.WriteAllText(path, "other"));

        Assert.Empty(Open(store).List());
    }

    private async Task<FolderBlobStore> StoreAsync()
    {
        var store = new FolderBlobStore(folder.File("bucket"));
        await store.CreateContainersAsync([BlobContainers.Runs]);
        return store;
    }

    private CheckpointBlobs Open(IBlobStore store) => new(store, Prefix, folder.File("scratch"), CancellationToken.None);
}
