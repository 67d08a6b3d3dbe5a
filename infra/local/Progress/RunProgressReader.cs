using System.Text;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.Local.Progress;

/// <summary>Reads training runs' states from the bucket alone, so that any process can ask while others train.</summary>
/// <param name="store">The bucket.</param>
public sealed class RunProgressReader(IBlobStore store)
{
    /// <summary>Reads every run's state: those that were planned or ended, and requests that are not planned yet.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>In order of the runs' ids.</returns>
    public async Task<IReadOnlyList<RunProgress>> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (BlobProperties blob in store.ListAllAsync(BlobContainers.Runs, null, cancellationToken).ConfigureAwait(false))
        {
            string id = blob.Path.Name.Split('/')[0];
            if (blob.Path == RunPlan.PathOf(id) || blob.Path == RunResult.PathOf(id))
            {
                names[id] = id;
            }
        }

        await foreach (BlobProperties request in store.ListAllAsync(BlobContainers.Training, null, cancellationToken).ConfigureAwait(false))
        {
            if (RunRequestReader.IsRequest(request.Path.Name))
            {
                names[RunId.Create(request.Path.Name, request.ETag)] = request.Path.Name;
            }
        }

        var runs = new List<RunProgress>();
        foreach ((string id, string blobName) in names)
        {
            runs.Add(await ReadAsync(id, blobName, cancellationToken).ConfigureAwait(false));
        }

        return runs;
    }

    private async Task<RunProgress> ReadAsync(string id, string blobName, CancellationToken cancellationToken)
    {
        RunPlan? plan = await store.ReadJsonAsync<RunPlan>(RunPlan.PathOf(id), cancellationToken).ConfigureAwait(false);
        RunResult? result = await store.ReadJsonAsync<RunResult>(RunResult.PathOf(id), cancellationToken).ConfigureAwait(false);
        var folds = new List<FoldState>();
        foreach ((RunModel model, int fold) in plan?.Tasks ?? [])
        {
            FoldOutcome? outcome = await store.ReadJsonAsync<FoldOutcome>(FoldOutcome.PathOf(id, model.Architecture, fold), cancellationToken).ConfigureAwait(false);
            FoldProgress? last = await ReadLastAsync(FoldProgress.PathOf(id, model.Architecture, fold), cancellationToken).ConfigureAwait(false);
            string stage = outcome switch
            {
                { Failure: not null } => "failed",
                not null => "trained",
                _ => last is null ? "waiting" : "training",
            };
            folds.Add(new FoldState(model.Architecture, fold, stage, last));
        }

        return new RunProgress(id, plan?.BlobName ?? result?.BlobName ?? blobName, plan?.Release, folds, result);
    }

    private async Task<FoldProgress?> ReadLastAsync(BlobPath path, CancellationToken cancellationToken)
    {
        byte[]? lines = await store.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false);
        string? last = lines is null ? null : Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return last is null ? null : JsonSerializer.Deserialize<FoldProgress>(last, CloudPipeJson.Options);
    }
}
