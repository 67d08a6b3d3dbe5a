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
    /// <summary>Ingests one upload.</summary>
    /// <param name="upload">The upload, a video by its name.</param>
    /// <param name="cancellationToken">Stops the work; running it again continues it.</param>
    /// <returns>The result of an inspection that is finished already, of which nothing is sent; else <see langword="null"/>.</returns>
    /// <exception cref="InspectionRejectedException">The upload cannot be scored, whatever is tried.</exception>
    public async Task<InspectionResult?> RunAsync(UploadHead upload, CancellationToken cancellationToken)
    {
        string inspectionId = InspectionId.Create(upload.Properties.Path.Name, upload.Properties.ETag);
        (InspectionPlan plan, bool isNew) = await PlanAsync(upload, inspectionId, cancellationToken).ConfigureAwait(false);
        if (!isNew
            && await store.ReadJsonAsync<InspectionResult>(InspectionResult.PathOf(inspectionId), cancellationToken).ConfigureAwait(false) is { Status: not InspectionStatus.Failed } finished)
        {
            return finished;
        }

        InspectionPlan? carried = CarriedPlan.Of(plan);
        foreach (Shard shard in plan.Shards)
        {
            var message = new CutMessage(inspectionId, shard.Index) { Plan = carried, Repeat = !isNew };
            await queue.SendAsync($"cut:{inspectionId}:{shard.Index}", message, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        LogPlanned(logger, inspectionId, plan.BlobName, plan.Segments.Count, plan.Shards.Count, plan.Release);
        return null;
    }

    // Events seldom come twice: that a plan is there is noticed when it is written, and not asked for before.
    private async Task<(InspectionPlan Plan, bool IsNew)> PlanAsync(UploadHead upload, string inspectionId, CancellationToken cancellationToken)
    {
        BlobPath path = InspectionPlan.PathOf(inspectionId);
        try
        {
            InspectionPlan plan = await MakePlanAsync(upload, cancellationToken).ConfigureAwait(false);
            if (await store.WriteJsonAsync(path, plan, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is not null)
            {
                return (plan, true);
            }
        }
        catch (InspectionRejectedException) when (!cancellationToken.IsCancellationRequested)
        {
            // What has changed since the plan was made, such as a sidecar, must not reject what is being scored.
            if (await store.ReadJsonAsync<InspectionPlan>(path, cancellationToken).ConfigureAwait(false) is not { } made)
            {
                throw;
            }

            return (made, false);
        }

        // Whoever wrote it, its plan is the one that every step reads.
        return (await store.ReadJsonAsync<InspectionPlan>(path, cancellationToken).ConfigureAwait(false) ?? throw new IOException($"The plan '{path}' was there and is gone."), false);
    }

    private async Task<InspectionPlan> MakePlanAsync(UploadHead upload, CancellationToken cancellationToken)
    {
        Sidecar sidecar = await Sidecar.ReadAsync(store, upload.Properties.Path.Name, cancellationToken).ConfigureAwait(false);
        Release release = await releases.GetAsync(sidecar.Release ?? options.DefaultRelease, cancellationToken).ConfigureAwait(false);
        await releases.RequireWeightsAsync(release, cancellationToken).ConfigureAwait(false);
        foreach (DeclaredModel model in release.Declared)
        {
            LogDeclared(logger, release.Name, model.Architecture, model.Weight);
        }

        VideoInfo video = await probe.ProbeAsync(upload, cancellationToken).ConfigureAwait(false);
        return planner.Plan(upload.Properties, video, release, sidecar, timeProvider.GetUtcNow());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The release {Release} declares {Architecture} with the weight {Weight}, which this version cannot run: the other models' weights are scaled up to the whole")]
    private static partial void LogDeclared(ILogger logger, string release, string architecture, double weight);

    [LoggerMessage(Level = LogLevel.Information, Message = "Inspection {InspectionId}: {BlobName} has {Segments} segments in {Shards} shards, scored by {Release}")]
    private static partial void LogPlanned(ILogger logger, string inspectionId, string blobName, int segments, int shards, string release);
}
