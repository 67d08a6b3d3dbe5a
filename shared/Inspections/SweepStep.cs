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
        await foreach (BlobProperties upload in store.ListAllAsync(BlobContainers.Inspections, null, cancellationToken).ConfigureAwait(false))
        {
            TimeSpan age = timeProvider.GetUtcNow() - upload.LastModified;
            if (UploadFilter.IsVideo(upload.Path.Name) && age >= options.IngestAfter && await IsForgottenAsync(upload, cancellationToken).ConfigureAwait(false))
            {
                await IngestAsync(upload, age, cancellationToken).ConfigureAwait(false);
            }
        }

        await foreach (BlobProperties request in store.ListAllAsync(BlobContainers.Training, null, cancellationToken).ConfigureAwait(false))
        {
            TimeSpan age = timeProvider.GetUtcNow() - request.LastModified;
            if (RunRequestReader.IsRequest(request.Path.Name) && age >= options.IngestAfter && await IsForgottenRunAsync(request, cancellationToken).ConfigureAwait(false))
            {
                await PlanAsync(request, age, cancellationToken).ConfigureAwait(false);
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

    private async Task<bool> IsForgottenAsync(BlobProperties upload, CancellationToken cancellationToken)
    {
        string id = InspectionId.Create(upload.Path.Name, upload.ETag);
        return await store.FindAsync(InspectionPlan.PathOf(id), cancellationToken).ConfigureAwait(false) is null
            && await store.FindAsync(InspectionResult.PathOf(id), cancellationToken).ConfigureAwait(false) is null;
    }

    private async Task IngestAsync(BlobProperties upload, TimeSpan age, CancellationToken cancellationToken)
    {
        LogForgotten(upload.Path.Name, age);
        try
        {
            await runner.IngestAsync(ingest, upload.Path.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogIngestFailed(exception, upload.Path.Name);
            if (age >= options.GiveUpAfter)
            {
                await runner.RecordUploadFailureAsync(
                    upload.Path.Name, $"Gave up after {age.TotalHours:0} hours. The last attempt failed with {exception.GetType().Name}: {exception.Message}", cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> IsForgottenRunAsync(BlobProperties request, CancellationToken cancellationToken)
    {
        string id = RunId.Create(request.Path.Name, request.ETag);
        return await store.FindAsync(RunPlan.PathOf(id), cancellationToken).ConfigureAwait(false) is null
            && await store.FindAsync(RunResult.PathOf(id), cancellationToken).ConfigureAwait(false) is null;
    }

    private async Task PlanAsync(BlobProperties request, TimeSpan age, CancellationToken cancellationToken)
    {
        LogForgotten(request.Path.Name, age);
        try
        {
            await runner.PlanRunAsync(plan, request.Path.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogIngestFailed(exception, request.Path.Name);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "No event came for the upload {BlobName} within {Age}; it is ingested now")]
    private partial void LogForgotten(string blobName, TimeSpan age);

    [LoggerMessage(Level = LogLevel.Error, Message = "The upload {BlobName} could not be ingested; the next sweep tries again")]
    private partial void LogIngestFailed(Exception exception, string blobName);
}
