using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Training;

/// <summary>A fold's progress as JSON lines in a blob. It is written whole each time: an epoch adds some hundred bytes.</summary>
/// <param name="store">The store.</param>
/// <param name="path">The blob.</param>
internal sealed class FoldProgressLog(IBlobStore store, BlobPath path)
{
    /// <summary>Adds a line; waits until it is there.</summary>
    public void Append(FoldProgress line, CancellationToken cancellationToken) => AppendAsync(line, cancellationToken).GetAwaiter().GetResult();

    private async Task AppendAsync(FoldProgress line, CancellationToken cancellationToken)
    {
        byte[] before = await store.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false) ?? [];
        await store.WriteBytesAsync(path, [.. before, .. JsonSerializer.SerializeToUtf8Bytes(line, CloudPipeJson.Options), (byte)'\n'], WriteCondition.None, cancellationToken).ConfigureAwait(false);
    }
}
