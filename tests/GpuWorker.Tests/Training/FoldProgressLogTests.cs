using System.Text;
using System.Text.Json;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Messages;
using CloudPipe.Runs;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Training;

public sealed class FoldProgressLogTests : IDisposable
{
    private static readonly BlobPath Path = FoldProgress.PathOf("run", "resnet18", 0);

    private readonly TemporaryFolder folder = new();
    private readonly Clock clock = new();
    private readonly FolderBlobStore store;

    public FoldProgressLogTests()
    {
        store = new FolderBlobStore(folder.FullPath);
        store.CreateContainersAsync(BlobContainers.All).GetAwaiter().GetResult();
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_epoch_under_way_gives_way_and_epochs_stay()
    {
        FoldProgressLog log = Log();
        Show(log, epoch: 1, batch: 1); // a moment after the start
        Assert.Empty(Lines());

        clock.Elapse(6);
        Show(log, epoch: 1, batch: 2);
        Show(log, epoch: 1, batch: 3); // a moment later
        Assert.Equal([(1, 2)], Lines());

        clock.Elapse(6);
        Show(log, epoch: 1, batch: 4);
        Assert.Equal([(1, 4)], Lines());

        log.Add(Line(epoch: 1), CancellationToken.None);
        clock.Elapse(6);
        Show(log, epoch: 2, batch: 1);
        Assert.Equal([(1, null), (2, 1)], Lines());
    }

    [Fact]
    public void A_fold_that_goes_on_keeps_the_epochs_before()
    {
        FoldProgressLog killed = Log();
        killed.Add(Line(epoch: 1), CancellationToken.None);
        clock.Elapse(6);
        Show(killed, epoch: 2, batch: 3);

        Log().Add(Line(epoch: 2), CancellationToken.None);

        Assert.Equal([(1, null), (2, null)], Lines());
    }

    private static FoldProgress Line(int epoch) => new(DateTimeOffset.UnixEpoch, epoch, 3, 1.5, 0.5);

    private static void Show(FoldProgressLog log, int epoch, int batch) => log.Show(Line(epoch) with { Batch = batch, Batches = 10 }, CancellationToken.None);

    private FoldProgressLog Log() => new(store, Path, clock);

    private (int Epoch, int? Batch)[] Lines() =>
    [
        .. Encoding.UTF8.GetString(store.ReadBytesAsync(Path).GetAwaiter().GetResult() ?? [])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<FoldProgress>(line, CloudPipeJson.Options)!)
            .Select(line => (line.Epoch, line.Batch)),
    ];

    private sealed class Clock : TimeProvider
    {
        private long seconds;

        public override long TimestampFrequency => 1;

        public void Elapse(int more) => seconds += more;

        public override long GetTimestamp() => seconds;
    }
}
