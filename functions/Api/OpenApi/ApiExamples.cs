using CloudPipe.Events;
using CloudPipe.Functions.Api.DeadLetters;
using CloudPipe.Functions.Api.Inspections;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Functions.Api.Webhooks;
using CloudPipe.Queues;

namespace CloudPipe.Functions.Api.OpenApi;

/// <summary>What the OpenAPI document shows as examples: records, so that they keep in step with the code.</summary>
internal static class ApiExamples
{
    private static readonly DateTimeOffset _noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>One example for each body that has one.</summary>
    public static IReadOnlyDictionary<Type, object> All { get; } = new Dictionary<Type, object>
    {
        [typeof(NewInspection)] = new NewInspection(
            "2026/mill-lane/survey.mp4", "pipesim-atto-v2", 60, new Dictionary<string, string> { ["street"] = "Mill Lane", ["manhole"] = "A17" }),
        [typeof(InspectionUpload)] = new InspectionUpload(
            "2026/mill-lane/survey.mp4",
            new Uri("https://account.blob.core.windows.net/inspections/2026/mill-lane/survey.mp4?sv=2023-01-03&sr=b&sp=c&sig=…"),
            "PUT",
            new Dictionary<string, string> { ["x-ms-blob-type"] = "BlockBlob", ["If-None-Match"] = "*" },
            _noon,
            InspectionUpload.LargestPut,
            "/api/inspections?name=2026%2Fmill-lane%2Fsurvey.mp4"),
        [typeof(NewWebhook)] = new NewWebhook(new Uri("https://example.com/hook"), "assets", null, [EventTypes.InspectionCompleted], Handshake: true),
        [typeof(RequeueRequest)] = new RequeueRequest(QueueNames.Score, "score:survey-1f0c2d3e4f5a6b7c:0:0"),
    };

    /// <summary>A problem: of its schema, since every operation has other ones.</summary>
    public static Problem Problem { get; } = Problem.Of(ProblemType.InvalidField, "'segmentSeconds' is 0; it must be 1 to 3600.", "segmentSeconds");
}
