using System.Text;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// A fold's progress as JSON lines in a blob: a line an epoch, and one that gives way to the next for the epoch under way.
/// It is written whole each time: an epoch adds some hundred bytes.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="path">The blob.</param>
/// <param name="time">The clock.</param>
internal sealed class FoldProgressLog(IBlobStore store, BlobPath path, TimeProvider time)
{
    // A person who watches sees it move; a store is written to some hundred times an hour.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private string? epochs;
    private long writtenAt = time.GetTimestamp();

    /// <summary>Adds an epoch's line; waits until it is there.</summary>
    public void Add(FoldProgress line, CancellationToken cancellationToken)
    {
        epochs = Epochs(cancellationToken) + Line(line);
        Write(epochs, cancellationToken);
    }

    /// <summary>Shows how far the epoch under way is, unless that was done a moment ago.</summary>
    public void Show(FoldProgress line, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(writtenAt) >= Interval)
            Write(Epochs(cancellationToken) + Line(line), cancellationToken);
    }

    private static string Line(FoldProgress line) => JsonSerializer.Serialize(line, CloudPipeJson.Options) + "\n";

    // Of a fold that goes on, what was shown last is left out.
    private string Epochs(CancellationToken cancellationToken) => epochs ??= string.Concat(
        Encoding.UTF8.GetString(store.ReadBytesAsync(path, cancellationToken).GetAwaiter().GetResult() ?? [])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<FoldProgress>(line, CloudPipeJson.Options)!)
            .Where(line => line.Batch is null)
            .Select(Line));

    private void Write(string lines, CancellationToken cancellationToken)
    {
        store.WriteBytesAsync(path, Encoding.UTF8.GetBytes(lines), WriteCondition.None, cancellationToken).GetAwaiter().GetResult();
        writtenAt = time.GetTimestamp();
    }
}
