using System.Text.Json;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Triggers;
using CloudPipe.Messages;
using CloudPipe.Progress;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudPipe.Local.Training;

/// <summary>
/// Puts a training request into a bucket and serves the bucket until the run has ended. The same request again goes on where
/// the run was, tries folds anew that were given up, or finds that all is done.
/// </summary>
/// <param name="host">The bucket's host, started.</param>
/// <param name="show">Is shown how far the run is.</param>
internal sealed class ServedRun(IHost host, Action<RunProgress> show)
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(250);
    private static readonly string[] _workQueues = [UploadMessage.Queue, QueueNames.Train, QueueNames.ReduceRun];

    private readonly IBlobStore _store = host.Services.GetRequiredService<IBlobStore>();
    private readonly IMessageQueue _queue = host.Services.GetRequiredService<IMessageQueue>();

    /// <summary>Runs a request to its end.</summary>
    /// <param name="name">The request's name, without the extension.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops it; the same request goes on later.</param>
    /// <returns>How the run ended.</returns>
    public async Task<RunResult> RunAsync(string name, RunRequest request, CancellationToken cancellationToken)
    {
        var path = new BlobPath(BlobContainers.Training, $"{name}.json");
        string etag = await WriteAsync(path, request, cancellationToken).ConfigureAwait(false);
        string runId = RunId.Create(path.Name, etag);

        // A finished run says so again; of a failed one, folds that were given up are tried anew.
        var upload = new UploadMessage(path.Name, etag, path.Container);
        await _queue.SendAsync(UploadMessage.Queue, upload.ToOutgoing(runId), cancellationToken).ConfigureAwait(false);

        var reader = new RunProgressReader(_store);
        while (true)
        {
            // Before the state: work that ends between the two looks has changed it by the second.
            bool isWorking = await _queue.HasPendingAsync(_workQueues, cancellationToken).ConfigureAwait(false);
            RunProgress progress = await reader.ReadAsync(runId, path.Name, cancellationToken).ConfigureAwait(false);
            show(progress);
            if (progress.Result is { } result && (result.Status == RunStatus.Completed || !isWorking))
            {
                return result;
            }

            await Task.Delay(_betweenLooks, cancellationToken).ConfigureAwait(false);
        }
    }

    // The same request keeps its ETag, which names the run.
    private async Task<string> WriteAsync(BlobPath path, RunRequest request, CancellationToken cancellationToken)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(request, CloudPipeJson.Indented);
        if (await _store.FindAsync(path, cancellationToken).ConfigureAwait(false) is { } known
            && await _store.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false) is { } existing && existing.AsSpan().SequenceEqual(json))
        {
            return known.ETag;
        }

        return await _store.WriteBytesAsync(path, json, WriteCondition.None, cancellationToken).ConfigureAwait(false)
            ?? throw new CommandFailedException(ExitCode.Failure, $"cloudpipe: the bucket did not take the request '{path}'.");
    }
}
