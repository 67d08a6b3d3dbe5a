using CloudPipe.Events;
using CloudPipe.Reports;
using CloudPipe.Storage;
using CloudPipe.Telemetry;

namespace CloudPipe.Inspections;

/// <summary>
/// Writes an inspection's result once and emits its event. Completed and rejected are final; a failed result gives way when
/// a requeued message ends better. Every method may be called again: what is stored stays, and the same event goes out.
/// </summary>
/// <param name="store">Where plans and results are.</param>
/// <param name="events">Carries the event.</param>
/// <param name="time">The clock.</param>
public sealed class ResultWriter(IBlobStore store, EventPublisher events, TimeProvider time)
{
    /// <summary>Reads an inspection's result.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result, or <see langword="null"/> while there is none.</returns>
    public Task<InspectionResult?> FindAsync(string inspectionId, CancellationToken cancellationToken = default) =>
        store.ReadJsonAsync<InspectionResult>(InspectionResult.PathOf(inspectionId), cancellationToken);

    /// <summary>Writes a completed inspection's report and result, then emits the event of whatever is stored.</summary>
    /// <param name="result">The result.</param>
    /// <param name="report">The report, HTML.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result that is stored: this one, or the final one that was there before.</returns>
    public async Task<InspectionResult> CompleteAsync(InspectionResult result, byte[] report, CancellationToken cancellationToken = default)
    {
        // The report first: whoever sees the result finds it.
        if (!await WriteReportAsync(result.InspectionId, report, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false))
        {
            // It belongs to a final result, or to one that gives way to this one.
            if (await FindAsync(result.InspectionId, cancellationToken).ConfigureAwait(false) is { Status: not InspectionStatus.Failed } stored)
            {
                await EmitAsync(stored, cancellationToken).ConfigureAwait(false);
                return stored;
            }

            await WriteReportAsync(result.InspectionId, report, WriteCondition.None, cancellationToken).ConfigureAwait(false);
        }

        return await StoreAndEmitAsync(result, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Rejects an upload that has no plan.</summary>
    /// <param name="upload">The upload as the store has it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="video">What the probe found, if anything.</param>
    /// <param name="metadata">The sidecar's own fields, if it was read.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result that is stored.</returns>
    public Task<InspectionResult> RejectAsync(
        BlobProperties upload, InspectionReason reason, VideoInfo? video = null, IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default) =>
        EndAsync(FromUpload(upload, InspectionStatus.Rejected, reason, video, metadata), cancellationToken);

    /// <summary>Gives up on an upload that has no plan.</summary>
    /// <param name="upload">The upload as the store has it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result that is stored.</returns>
    public Task<InspectionResult> FailAsync(BlobProperties upload, InspectionReason reason, CancellationToken cancellationToken = default) =>
        EndAsync(FromUpload(upload, InspectionStatus.Failed, reason, null, null), cancellationToken);

    /// <summary>Rejects an inspection that has a plan.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result that is stored, or <see langword="null"/> when there is no such plan.</returns>
    public Task<InspectionResult?> RejectAsync(string inspectionId, InspectionReason reason, CancellationToken cancellationToken = default) =>
        EndAsync(inspectionId, InspectionStatus.Rejected, reason, cancellationToken);

    /// <summary>Gives up on an inspection that has a plan; call it before its message is dead-lettered.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result that is stored, or <see langword="null"/> when there is no such plan.</returns>
    public Task<InspectionResult?> FailAsync(string inspectionId, InspectionReason reason, CancellationToken cancellationToken = default) =>
        EndAsync(inspectionId, InspectionStatus.Failed, reason, cancellationToken);

    /// <summary>Emits the event of a stored result, again if need be: its id is the same.</summary>
    /// <param name="stored">The result as stored.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task EmitAsync(InspectionResult stored, CancellationToken cancellationToken = default) =>
        events.PublishAsync(InspectionEvents.Create(stored), cancellationToken);

    private async Task<InspectionResult?> EndAsync(string inspectionId, InspectionStatus status, InspectionReason reason, CancellationToken cancellationToken)
    {
        if (!InspectionId.IsWellFormed(inspectionId))
            return null;

        InspectionPlan? plan = await store.ReadJsonAsync<InspectionPlan>(InspectionPlan.PathOf(inspectionId), cancellationToken).ConfigureAwait(false);
        if (plan is null)
            return null;

        DateTimeOffset now = time.GetUtcNow();
        return await EndAsync(
            new InspectionResult(
                plan.InspectionId, plan.BlobName, plan.ETag, status, now, reason, plan.Release, plan.Video, [], [], [], plan.Metadata, (now - plan.UploadedAt).TotalSeconds),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<InspectionResult> EndAsync(InspectionResult result, CancellationToken cancellationToken)
    {
        // Only where no report is: a completed inspection's must not be lost to a late failure.
        await WriteReportAsync(result.InspectionId, ReportWriter.Write(result), WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        return await StoreAndEmitAsync(result, cancellationToken).ConfigureAwait(false);
    }

    private async Task<InspectionResult> StoreAndEmitAsync(InspectionResult result, CancellationToken cancellationToken)
    {
        InspectionResult stored = await store.WriteOnceAsync(
            InspectionResult.PathOf(result.InspectionId),
            result,
            existing => existing.Status == InspectionStatus.Failed && result.Status != InspectionStatus.Failed,
            cancellationToken).ConfigureAwait(false);

        if (ReferenceEquals(stored, result))
            CloudPipeMeter.CountInspection(stored);

        // The report that is there may be another's, who died before the result or lost the race for it.
        if (stored.Status == InspectionStatus.Rejected)
            await WriteReportAsync(stored.InspectionId, ReportWriter.Write(stored), WriteCondition.None, cancellationToken).ConfigureAwait(false);

        await EmitAsync(stored, cancellationToken).ConfigureAwait(false);
        return stored;
    }

    // Whether it went through.
    private async Task<bool> WriteReportAsync(string inspectionId, byte[] report, WriteCondition condition, CancellationToken cancellationToken) =>
        await store.WriteBytesAsync(InspectionResult.ReportPathOf(inspectionId), report, condition, cancellationToken).ConfigureAwait(false) is not null;

    private InspectionResult FromUpload(
        BlobProperties upload, InspectionStatus status, InspectionReason reason, VideoInfo? video, IReadOnlyDictionary<string, string>? metadata)
    {
        DateTimeOffset now = time.GetUtcNow();
        string id = InspectionId.Create(upload.Path.Name, upload.ETag);
        return new InspectionResult(
            id, upload.Path.Name, upload.ETag, status, now, reason, null, video, [], [], [], metadata, (now - upload.LastModified).TotalSeconds);
    }
}
