using System.Collections.Concurrent;
using CloudPipe.Inspections;
using CloudPipe.Storage;

namespace CloudPipe.Progress;

/// <summary>Reads inspections' states from the bucket alone, so that any process can ask while another one works.</summary>
/// <param name="store">The bucket.</param>
public sealed class ProgressReader(IBlobStore store)
{
    // A completed or rejected inspection stays as it is; a failed one may be requeued.
    private readonly ConcurrentDictionary<string, InspectionProgress> _final = new();

    /// <summary>Reads every inspection's state: those that are uploaded, and those whose upload is gone but whose result is there.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>In order of the uploads' names.</returns>
    public async Task<IReadOnlyList<InspectionProgress>> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        var all = new Dictionary<string, InspectionProgress>();
        await foreach (BlobProperties blob in store.ListAllAsync(BlobContainers.Inspections, null, cancellationToken).ConfigureAwait(false))
        {
            if (UploadFilter.IsVideo(blob.Path.Name))
            {
                string id = InspectionId.Create(blob.Path.Name, blob.ETag);
                all[id] = await ReadAsync(id, blob.Path.Name, cancellationToken).ConfigureAwait(false);
            }
        }

        await foreach (BlobProperties blob in store.ListAllAsync(BlobContainers.Results, null, cancellationToken).ConfigureAwait(false))
        {
            string id = blob.Path.Name.Split('/')[0];
            if (blob.Path == InspectionResult.PathOf(id) && !all.ContainsKey(id))
            {
                InspectionProgress progress = await ReadAsync(id, "", cancellationToken).ConfigureAwait(false);
                all[id] = progress with { BlobName = progress.Result?.BlobName ?? id };
            }
        }

        return [.. all.Values.OrderBy(progress => progress.BlobName, StringComparer.Ordinal).ThenBy(progress => progress.InspectionId, StringComparer.Ordinal)];
    }

    /// <summary>Reads one inspection's state.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <param name="blobName">Its upload's name.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The state.</returns>
    public async Task<InspectionProgress> ReadAsync(string inspectionId, string blobName, CancellationToken cancellationToken = default)
    {
        if (_final.TryGetValue(inspectionId, out InspectionProgress? known))
        {
            return known;
        }

        InspectionResult? result = await store.ReadJsonAsync<InspectionResult>(InspectionResult.PathOf(inspectionId), cancellationToken).ConfigureAwait(false);
        InspectionPlan? plan = await store.ReadJsonAsync<InspectionPlan>(InspectionPlan.PathOf(inspectionId), cancellationToken).ConfigureAwait(false);
        if (result is not null)
        {
            InspectionStage stage = Enum.Parse<InspectionStage>(result.Status.ToString());
            int segments = plan?.Segments.Count ?? result.Segments.Count;
            var finished = new InspectionProgress(inspectionId, result.BlobName, stage, segments, 0, 0, result)
            {
                Work = stage == InspectionStage.Completed && plan is not null ? InspectionWork.DoneOf(plan) : null,
            };
            return result.Status == InspectionStatus.Failed ? finished : _final.GetOrAdd(inspectionId, finished);
        }

        if (plan is null)
        {
            return new InspectionProgress(inspectionId, blobName, InspectionStage.Waiting, 0, 0, 0, null);
        }

        int predictions = await CountAsync(BlobContainers.Predictions, inspectionId, cancellationToken).ConfigureAwait(false);
        int shards = await CountAsync(BlobContainers.Shards, inspectionId, cancellationToken).ConfigureAwait(false);
        InspectionWork work = InspectionWork.DoneOf(plan) with { ShardsCut = shards, PredictionsWritten = predictions };
        InspectionStage working = shards < work.Shards ? InspectionStage.Cutting : InspectionStage.Scoring;
        return new InspectionProgress(inspectionId, plan.BlobName, working, plan.Segments.Count, shards + predictions, work.Shards + work.Predictions, null) { Work = work };
    }

    private async Task<int> CountAsync(string container, string inspectionId, CancellationToken cancellationToken) =>
        await store.ListAllAsync(container, inspectionId + "/", cancellationToken).CountAsync(cancellationToken).ConfigureAwait(false);
}
