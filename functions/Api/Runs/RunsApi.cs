using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Progress;
using CloudPipe.Runs;
using CloudPipe.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api.Runs;

/// <summary>Shows training runs.</summary>
/// <param name="api">What every operation has in common.</param>
/// <param name="store">The bucket.</param>
public sealed class RunsApi(ApiHandler api, IBlobStore store)
{
    /// <summary>Lists the training requests by name, and how far each run is.</summary>
    /// <remarks>A run whose request was deleted or replaced is not listed; it stays under its id.</remarks>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("ListRuns")]
    [QueryParameter("prefix", "Only requests whose names begin so.")]
    [QueryParameter("limit", QueryParameterAttribute.Limit, IsNumber = true)]
    [QueryParameter("continuationToken", QueryParameterAttribute.Continuation)]
    [Answer(200, typeof(Page<RunSummary>), "A page.")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(request, ListAsync, cancellationToken);

    /// <summary>Shows one training run, fold by fold.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("GetRun")]
    [Answer(200, typeof(RunView), "How far it is.")]
    [Answer(404, typeof(Problem), "There is no such run, or it is not planned yet.")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.HandleAsync(request, (_, stop) => GetAsync(id, stop), cancellationToken);

    private static RunStage StageOf(RunResult? result, bool isPlanned) => result?.Status switch
    {
        RunStatus.Completed => RunStage.Completed,
        RunStatus.Failed => RunStage.Failed,
        _ => isPlanned ? RunStage.Training : RunStage.Waiting,
    };

    private async Task<IActionResult> ListAsync(ApiCall call, CancellationToken cancellationToken)
    {
        BlobPage page = await call.ListAsync(store, BlobContainers.Training, cancellationToken).ConfigureAwait(false);
        var runs = new List<RunSummary>();
        foreach (BlobProperties blob in page.Blobs.Where(blob => RunRequestReader.IsRequest(blob.Path.Name)))
        {
            string id = RunId.Create(blob.Path.Name, blob.ETag);
            RunResult? result = await store.ReadJsonAsync<RunResult>(RunResult.PathOf(id), cancellationToken).ConfigureAwait(false);

            // A plan holds the fold of every sample: megabytes, of which nothing is shown here.
            bool isPlanned = result is not null || await store.FindAsync(RunPlan.PathOf(id), cancellationToken).ConfigureAwait(false) is not null;
            runs.Add(new RunSummary(id, blob.Path.Name, StageOf(result, isPlanned), result, $"/api/runs/{id}"));
        }

        return ApiAnswer.Json(new Page<RunSummary>(runs, call.NextLink(page.ContinuationToken)));
    }

    private async Task<IActionResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        RunProgress? run = RunId.IsWellFormed(id) ? await new RunProgressReader(store).ReadAsync(id, "", cancellationToken).ConfigureAwait(false) : null;
        return run is null or { Release: null, Result: null }
            ? throw new ProblemException(ProblemType.NotFound, "There is no plan and no result of this id. A request gets its plan within seconds; /api/runs lists the requests.", "id")
            : ApiAnswer.Json(new RunView(run.RunId, run.BlobName, StageOf(run.Result, run.Release is not null), run.Release, run.Folds, run.Result));
    }
}
