using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Inspections;
using CloudPipe.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api.Inspections;

/// <summary>Gives results out.</summary>
/// <param name="api">What every operation has in common.</param>
/// <param name="store">The bucket.</param>
public sealed class ResultsApi(ApiHandler api, IBlobStore store)
{
    private const string Html = "text/html; charset=utf-8";

    /// <summary>Where a result is.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <returns>A reference relative to the API's address.</returns>
    public static string UrlOf(string inspectionId) => $"/api/results/{inspectionId}";

    /// <summary>Where a report is.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <returns>A reference relative to the API's address.</returns>
    public static string ReportUrlOf(string inspectionId) => $"{UrlOf(inspectionId)}/report";

    /// <summary>Gives an inspection's result, the file that is in the bucket.</summary>
    /// <remarks>The header Link names the report, where there is one.</remarks>
    /// <param name="request">The request.</param>
    /// <param name="id">The inspection.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("GetResult")]
    [Answer(200, typeof(InspectionResult), "The result.")]
    [Answer(404, typeof(Problem), "There is no result of this id, or not yet.")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/results/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.HandleAsync(request, (_, stop) => GetAsync(id, stop), cancellationToken);

    /// <summary>Gives an inspection's report, a page for people.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The inspection.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("GetReport")]
    [Answer(200, typeof(string), "The report.", ContentType = Html)]
    [Answer(404, typeof(Problem), "There is no report of this id: the inspection was not scored, or not yet.")]
    public Task<IActionResult> GetReportAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/results/{id}/report")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.HandleAsync(request, async (_, stop) => new BlobAnswer(await OpenAsync(id, InspectionResult.ReportPathOf, stop).ConfigureAwait(false), Html), cancellationToken);

    private async Task<IActionResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        BlobContent result = await OpenAsync(id, InspectionResult.PathOf, cancellationToken).ConfigureAwait(false);
        bool hasReport = await store.FindAsync(InspectionResult.ReportPathOf(id), cancellationToken).ConfigureAwait(false) is not null;
        return new BlobAnswer(result, ApiAnswer.JsonMediaType) { Link = hasReport ? $"<{ReportUrlOf(id)}>; rel=\"alternate\"; type=\"text/html\"" : null };
    }

    private async Task<BlobContent> OpenAsync(string id, Func<string, BlobPath> pathOf, CancellationToken cancellationToken) =>
        (InspectionId.IsWellFormed(id) ? await store.OpenReadAsync(pathOf(id), null, cancellationToken).ConfigureAwait(false) : null)
            ?? throw new ProblemException(ProblemType.NotFound, "There is nothing of this id, or not yet; /api/inspections/{id} shows how far it is.", "id");
}
