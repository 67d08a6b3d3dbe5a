using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Inspections;

/// <summary>
/// Looks for inspections and training runs that nothing carries on: uploads whose event never came, and messages that their
/// queue set aside because every process that held them died, so that nobody wrote a failed result.
/// </summary>
/// <param name="store">Where uploads, plans and results are.</param>
/// <param name="queue">The queues.</param>
/// <param name="runner">Ingests, and records failures.</param>
/// <param name="ingest">The first step of an inspection.</param>
/// <param name="plan">The first step of a training run.</param>
/// <param name="options">How long to wait.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Hears of what was found.</param>
public sealed partial class SweepStep(
    IBlobStore store,
    IMessageQueue queue,
    StepRunner runner,
    IngestStep ingest,
    PlanRunStep plan,
    SweepOptions options,
    TimeProvider timeProvider,
    ILogger<SweepStep> logger)
{
    private static readonly string[] _workQueues = [QueueNames.Cut, QueueNames.Score, QueueNames.Reduce, QueueNames.Train, QueueNames.ReduceRun];

    /// <summary>Sweeps once; what fails for one upload does not stop the others.</summary>
    /// <param name="cancellationToken">Stops the sweep; the next one goes on.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (UploadKind kind in UploadKind.All)
        {
            DateTimeOffset now = timeProvider.GetUtcNow();
            List<BlobProperties> uploads = await store.ListAllAsync(kind.Container, null, cancellationToken)
                .Where(blob => kind.IsUpload(blob.Path.Name) && now - blob.LastModified >= options.IngestAfter)
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            foreach (BlobProperties upload in await kind.FindForgottenAsync(store, uploads, cancellationToken).ConfigureAwait(false))
            {
                await TakeUpAsync(upload, now - upload.LastModified, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (string name in _workQueues)
        {
            foreach (DeadLetter letter in await queue.ListDeadLettersAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                await RecordAsync(letter, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task TakeUpAsync(BlobProperties upload, TimeSpan age, CancellationToken cancellationToken)
    {
        (string container, string name) = (upload.Path.Container, upload.Path.Name);
        LogForgotten(name, age);
        try
        {
            await (container == BlobContainers.Training
                ? runner.PlanRunAsync(plan, name, cancellationToken)
                : runner.IngestAsync(ingest, name, cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, name);
            if (age >= options.GiveUpAfter)
            {
                await runner.RecordUploadFailureAsync(
                    container, name, $"Gave up after {age.TotalHours:0} hours. The last attempt failed with {exception.GetType().Name}: {exception.Message}", cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task RecordAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        BlobPath? result = StepRunner.FindInspectionId(letter.Body) is { } inspectionId ? InspectionResult.PathOf(inspectionId)
            : RunFailures.FindRunId(letter.Body) is { } runId ? RunResult.PathOf(runId)
            : null;
        if (result is BlobPath path && await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is null)
        {
            await runner.RecordFailureAsync(letter.Body, letter.Reason, cancellationToken).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No event came for the upload {BlobName} within {Age}; it is taken up now")]
    private partial void LogForgotten(string blobName, TimeSpan age);

    [LoggerMessage(Level = LogLevel.Error, Message = "The upload {BlobName} could not be taken up; the next sweep tries again")]
    private partial void LogFailed(Exception exception, string blobName);
}
