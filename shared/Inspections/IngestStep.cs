using CloudPipe.Ensembling;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Inspections;

/// <summary>
/// The first step: an upload becomes a plan and one <see cref="CutMessage"/> per shard. Running it again for the same
/// upload changes nothing: the plan is created if absent, and the messages carry the same ids.
/// </summary>
/// <param name="store">Where the upload is and the plan goes.</param>
/// <param name="queue">Where the cut messages go.</param>
/// <param name="releases">Loads and checks releases.</param>
/// <param name="probe">Looks into the video.</param>
/// <param name="planner">Divides the work.</param>
/// <param name="options">The default release.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Says what became of the upload.</param>
public sealed partial class IngestStep(
    IBlobStore store,
    IMessageQueue queue,
    ReleaseStore releases,
    VideoProbe probe,
    InspectionPlanner planner,
    InspectionOptions options,
    TimeProvider timeProvider,
    ILogger<IngestStep> logger)
{
    /// <summary>Ingests one upload. A blob that is no video by its name, or that is gone, is left alone.</summary>
    /// <param name="blobName">Its name in the inspections container.</param>
    /// <param name="cancellationToken">Stops the work; running it again continues it.</param>
    /// <exception cref="InspectionRejectedException">The upload cannot be scored, whatever is tried.</exception>
    public async Task RunAsync(string blobName, CancellationToken cancellationToken)
    {
        if (!UploadFilter.IsVideo(blobName))
        {
            return;
        }

        BlobProperties? upload = await store.FindAsync(new BlobPath(BlobContainers.Inspections, blobName), cancellationToken).ConfigureAwait(false);
        if (upload is null)
        {
            LogGone(logger, blobName);
            return;
        }

        string inspectionId = InspectionId.Create(blobName, upload.ETag);
        InspectionResult? result = await store.ReadJsonAsync<InspectionResult>(InspectionResult.PathOf(inspectionId), cancellationToken).ConfigureAwait(false);
        if (result is { Status: not InspectionStatus.Failed })
        {
            return;
        }

        InspectionPlan plan = await store.ReadJsonAsync<InspectionPlan>(InspectionPlan.PathOf(inspectionId), cancellationToken).ConfigureAwait(false)
            ?? await CreatePlanAsync(upload, cancellationToken).ConfigureAwait(false);
        foreach (Shard shard in plan.Shards)
        {
            await queue.SendAsync($"cut:{inspectionId}:{shard.Index}", new CutMessage(inspectionId, shard.Index), cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        LogPlanned(logger, inspectionId, blobName, plan.Segments.Count, plan.Shards.Count, plan.Release);
    }

    private async Task<InspectionPlan> CreatePlanAsync(BlobProperties upload, CancellationToken cancellationToken)
    {
        Sidecar sidecar = await Sidecar.ReadAsync(store, upload.Path.Name, cancellationToken).ConfigureAwait(false);
        Release release = await releases.GetAsync(sidecar.Release ?? options.DefaultRelease, cancellationToken).ConfigureAwait(false);
        await releases.RequireWeightsAsync(release, cancellationToken).ConfigureAwait(false);
        foreach (DeclaredModel model in release.Declared)
        {
            LogDeclared(logger, release.Name, model.Architecture, model.Weight);
        }

        VideoInfo video = await probe.ProbeAsync(upload, cancellationToken).ConfigureAwait(false);
        InspectionPlan plan = planner.Plan(upload, video, release, sidecar, timeProvider.GetUtcNow());

        BlobPath path = InspectionPlan.PathOf(plan.InspectionId);
        if (await store.WriteJsonAsync(path, plan, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is not null)
        {
            return plan;
        }

        // Another process planned it meanwhile, and its plan is the one that every step reads.
        return await store.ReadJsonAsync<InspectionPlan>(path, cancellationToken).ConfigureAwait(false)
            ?? throw new IOException($"The plan '{path}' was there and is gone.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The upload {BlobName} is gone; nothing is ingested")]
    private static partial void LogGone(ILogger logger, string blobName);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The release {Release} declares {Architecture} with the weight {Weight}, which this version cannot run: the other models' weights are scaled up to the whole")]
    private static partial void LogDeclared(ILogger logger, string release, string architecture, double weight);

    [LoggerMessage(Level = LogLevel.Information, Message = "Inspection {InspectionId}: {BlobName} has {Segments} segments in {Shards} shards, scored by {Release}")]
    private static partial void LogPlanned(ILogger logger, string inspectionId, string blobName, int segments, int shards, string release);
}
