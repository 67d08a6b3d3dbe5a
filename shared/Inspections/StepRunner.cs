using System.Diagnostics;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Storage;
using CloudPipe.Telemetry;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Inspections;

/// <summary>
/// What every step has in common: its log lines carry the inspection's or the training run's id, its span stands in that
/// one's trace, an upload that cannot be scored ends as a rejected result, a request that cannot be trained as a failed one,
/// and so does a message that is given up.
/// </summary>
/// <param name="store">Where uploads are.</param>
/// <param name="results">Writes results of inspections.</param>
/// <param name="runs">Writes failures of training runs.</param>
/// <param name="queue">What carries messages.</param>
/// <param name="logger">Opens the scopes, and hears of rejections.</param>
public sealed partial class StepRunner(IBlobStore store, ResultWriter results, RunFailures runs, IMessageQueue queue, ILogger<StepRunner> logger)
{
    // The names of spans that stand for no message.
    private const string Ingest = "ingest";
    private const string PlanRun = "plan-run";
    private const string GiveUp = "give-up";

    /// <summary>Runs a step for a message. A rejection is an outcome: it is written, and the message's work is done.</summary>
    /// <typeparam name="T">The message's type.</typeparam>
    /// <param name="delivery">The message as received.</param>
    /// <param name="step">The work; it must bear repeats.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="MessageFormatException">The body is no such message.</exception>
    public async Task RunAsync<T>(ReceivedMessage delivery, Func<T, CancellationToken, Task> step, CancellationToken cancellationToken)
        where T : Message
    {
        T message = MessageSerializer.Deserialize<T>(delivery.Body) with { DeliveryCount = delivery.DeliveryCount };
        using Activity? span = CloudPipeTrace.StartProcess(queue.TransportName, delivery, message);
        using IDisposable? scope = BeginScope(delivery.Body);
        using CloudPipeMeter.Measurement measurement = CloudPipeMeter.MeasureStep(typeof(T).Name);
        try
        {
            await RunAsync(delivery.Body, message, step, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }

    /// <summary>Ingests an upload. A rejection is an outcome: it is written, and the upload's work is done.</summary>
    /// <param name="step">The first step.</param>
    /// <param name="blobName">The upload's name in the inspections container.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task IngestAsync(IngestStep step, string blobName, CancellationToken cancellationToken)
    {
        if (!UploadFilter.IsVideo(blobName))
        {
            return;
        }

        UploadHead? upload = await UploadHead.ReadAsync(store, new BlobPath(BlobContainers.Inspections, blobName), cancellationToken).ConfigureAwait(false);
        if (upload is null)
        {
            LogGone(blobName);
            return;
        }

        string inspectionId = InspectionId.Create(blobName, upload.Properties.ETag);
        using Activity? span = CloudPipeTrace.StartStep(Ingest, TraceSubject.OfInspection(inspectionId));
        using IDisposable? scope = BeginScope(LogScopes.Inspection, inspectionId);
        using CloudPipeMeter.Measurement measurement = CloudPipeMeter.MeasureStep(nameof(IngestStep));
        try
        {
            await IngestAsync(step, upload, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }

    /// <summary>Plans a training run. A request that cannot be carried out is an outcome: it is written, and the request's work is done.</summary>
    /// <param name="step">The first step.</param>
    /// <param name="blobName">The request's name in the container <c>training</c>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task PlanRunAsync(PlanRunStep step, string blobName, CancellationToken cancellationToken)
    {
        // The container holds large weights files too.
        if (!RunRequestReader.IsRequest(blobName)
            || await store.FindAsync(new BlobPath(BlobContainers.Training, blobName), cancellationToken).ConfigureAwait(false) is not { } request)
        {
            return;
        }

        string runId = RunId.Create(blobName, request.ETag);
        using Activity? span = CloudPipeTrace.StartStep(PlanRun, TraceSubject.OfRun(runId));
        using IDisposable? scope = BeginScope(LogScopes.Run, runId);
        using CloudPipeMeter.Measurement measurement = CloudPipeMeter.MeasureStep(nameof(PlanRunStep));
        try
        {
            await PlanRunAsync(step, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }

    /// <summary>Writes the failed result of the inspection or training run that a message is about, if it is about one; call it before the message is set aside.</summary>
    /// <param name="body">The message, JSON or not.</param>
    /// <param name="reason">Why it is given up.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task RecordFailureAsync(string body, string reason, CancellationToken cancellationToken)
    {
        using Activity? span = StartRecording(body);
        using IDisposable? scope = BeginScope(body);
        if (FindInspectionId(body) is { } inspectionId)
        {
            await results.FailAsync(inspectionId, new InspectionReason(ReasonCode.StepFailed, reason), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await runs.RecordAsync(body, reason, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes the failed result of an upload that could not be taken up.</summary>
    /// <param name="container">Which: a video's or a training request's.</param>
    /// <param name="blobName">The upload's name in it.</param>
    /// <param name="reason">Why it is given up.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task RecordUploadFailureAsync(string container, string blobName, string reason, CancellationToken cancellationToken)
    {
        if (container == BlobContainers.Training)
        {
            await runs.RecordRequestAsync(blobName, reason, cancellationToken).ConfigureAwait(false);
        }
        else if (await FindUploadAsync(blobName, cancellationToken).ConfigureAwait(false) is { } upload)
        {
            string inspectionId = InspectionId.Create(blobName, upload.ETag);
            using Activity? span = CloudPipeTrace.StartStep(GiveUp, TraceSubject.OfInspection(inspectionId));
            using IDisposable? scope = BeginScope(LogScopes.Inspection, inspectionId);
            await results.FailAsync(upload, new InspectionReason(ReasonCode.StepFailed, reason), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds the inspection that a message is about.</summary>
    /// <param name="body">The message, JSON or not.</param>
    /// <returns>Its id, or <see langword="null"/> when the message names none.</returns>
    public static string? FindInspectionId(string body) => FindText(body, "inspectionId") is { } id && InspectionId.IsWellFormed(id) ? id : null;

    private static string? FindText(string body, string property)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(property, out JsonElement element)
                && element.ValueKind == JsonValueKind.String
                    ? element.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Activity? StartRecording(string body)
    {
        TraceSubject? subject = FindInspectionId(body) is { } inspectionId ? TraceSubject.OfInspection(inspectionId)
            : RunFailures.FindRunId(body) is { } runId ? TraceSubject.OfRun(runId)
            : null;
        return subject is null ? null : CloudPipeTrace.StartStep(GiveUp, subject, FindText(body, "traceparent"));
    }

    private async Task RunAsync<T>(string body, T message, Func<T, CancellationToken, Task> step, CancellationToken cancellationToken)
        where T : Message
    {
        try
        {
            await step(message, cancellationToken).ConfigureAwait(false);
        }
        catch (InspectionRejectedException exception) when (FindInspectionId(body) is not null)
        {
            Reject(exception);
            await results.RejectAsync(FindInspectionId(body)!, exception.Reason, cancellationToken).ConfigureAwait(false);
        }
        catch (TrainingException exception) when (RunFailures.FindRunId(body) is not null)
        {
            LogTrainingFailed(exception.Message);
            CloudPipeTrace.Current.Fail(exception);
            await runs.RecordAsync(body, exception.Message, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task IngestAsync(IngestStep step, UploadHead upload, CancellationToken cancellationToken)
    {
        try
        {
            if (await step.RunAsync(upload, cancellationToken).ConfigureAwait(false) is { } finished)
            {
                // The process that wrote it may have died before it emitted the event.
                await results.EmitAsync(finished, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (InspectionRejectedException exception)
        {
            Reject(exception);
            await results.RejectAsync(upload.Properties, exception.Reason, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PlanRunAsync(PlanRunStep step, BlobProperties request, CancellationToken cancellationToken)
    {
        try
        {
            await step.RunAsync(request.Path.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (TrainingException exception)
        {
            LogTrainingFailed(exception.Message);
            CloudPipeTrace.Current.Fail(exception);
            await runs.RecordRequestAsync(request.Path.Name, exception.Message, cancellationToken).ConfigureAwait(false);
        }
    }

    // An outcome, not an error: the span says so without a fault.
    private void Reject(InspectionRejectedException exception)
    {
        LogRejected(exception.Reason.Code, exception.Reason.Message);
        CloudPipeTrace.Current?.SetTag(TraceAttributes.InspectionReason, CloudPipeMeter.NameOf(exception.Reason.Code));
    }

    private Task<BlobProperties?> FindUploadAsync(string blobName, CancellationToken cancellationToken) =>
        store.FindAsync(new BlobPath(BlobContainers.Inspections, blobName), cancellationToken);

    private IDisposable? BeginScope(string body) => FindInspectionId(body) is { } inspectionId
        ? BeginScope(LogScopes.Inspection, inspectionId)
        : BeginScope(LogScopes.Run, RunFailures.FindRunId(body));

    // A message to call a webhook names neither an inspection nor a run, and has a trace all the same.
    private IDisposable? BeginScope(string name, string? id)
    {
        var scope = new Dictionary<string, object?>();
        if (id is not null)
        {
            scope[name] = id;
        }

        if (CloudPipeTrace.Current is { } span)
        {
            scope[LogScopes.Trace] = span.TraceId.ToHexString();
        }

        return scope.Count > 0 ? logger.BeginScope(scope) : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The upload {BlobName} is gone; nothing is ingested")]
    private partial void LogGone(string blobName);

    [LoggerMessage(Level = LogLevel.Information, Message = "Rejected ({Code}): {Reason}")]
    private partial void LogRejected(ReasonCode code, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Training cannot go on: {Reason}")]
    private partial void LogTrainingFailed(string reason);
}
