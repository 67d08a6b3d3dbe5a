using System.Text;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.Progress;

/// <summary>Reads training runs' states from the bucket alone, so that any process can ask while others train.</summary>
/// <param name="store">The bucket.</param>
public sealed class RunProgressReader(IBlobStore store)
{
    // An outcome holds its fold's predictions: it is read once, not at every look.
    private readonly Dictionary<BlobPath, (string ETag, string Stage)> _ended = [];

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

    /// <summary>Reads one run's state.</summary>
    /// <param name="id">The run.</param>
    /// <param name="blobName">The request's name, where nothing is there yet that says it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The state.</returns>
    public async Task<RunProgress> ReadAsync(string id, string blobName, CancellationToken cancellationToken = default)
    {
        RunPlan? plan = await store.ReadJsonAsync<RunPlan>(RunPlan.PathOf(id), cancellationToken).ConfigureAwait(false);
        RunResult? result = await store.ReadJsonAsync<RunResult>(RunResult.PathOf(id), cancellationToken).ConfigureAwait(false);
        var folds = new List<FoldState>();
        foreach ((RunModel model, int fold) in plan?.Tasks ?? [])
        {
            FoldProgress? last = await ReadLastAsync(FoldProgress.PathOf(id, model.Architecture, fold), cancellationToken).ConfigureAwait(false);
            string stage = await ReadEndAsync(FoldOutcome.PathOf(id, model.Architecture, fold), cancellationToken).ConfigureAwait(false) ?? (last is null ? "waiting" : "training");
            folds.Add(new FoldState(model.Architecture, fold, stage, last));
        }

        return new RunProgress(id, plan?.BlobName ?? result?.BlobName ?? blobName, plan?.Release, folds, result);
    }

    // Null while the fold has not ended.
    private async Task<string?> ReadEndAsync(BlobPath path, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is not { } outcome)
        {
            return null;
        }

        if (!_ended.TryGetValue(path, out (string ETag, string Stage) known) || known.ETag != outcome.ETag)
        {
            FoldOutcome? read = await store.ReadJsonAsync<FoldOutcome>(path, cancellationToken).ConfigureAwait(false);
            _ended[path] = known = (outcome.ETag, read?.Failure is null ? "trained" : "failed");
        }

        return known.Stage;
    }

    private async Task<FoldProgress?> ReadLastAsync(BlobPath path, CancellationToken cancellationToken)
    {
        byte[]? lines = await store.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false);
        string? last = lines is null ? null : Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return last is null ? null : JsonSerializer.Deserialize<FoldProgress>(last, CloudPipeJson.Options);
    }
}
