using System.Text;
using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Storage;

namespace CloudPipe.Events;

/// <summary>Makes the event of an inspection's result: a pure function, so a repeat is the same event byte for byte.</summary>
public static class InspectionEvents
{
    private const int LongestReason = 500;
    private const int MostDefects = 32;

    /// <summary>Makes the event.</summary>
    /// <param name="result">The result as stored.</param>
    /// <returns>An event whose JSON is shorter than <see cref="CloudEvent.LargestSize"/> bytes.</returns>
    public static CloudEvent Create(InspectionResult result)
    {
        InspectionEventData whole = new(
            result.InspectionId, result.BlobName, result.Status, result.FinishedAt, result.Reason, result.Release,
            result.Video?.DurationSeconds, result.Segments.Count, result.Defects, result.Metadata,
            InspectionResult.PathOf(result.InspectionId).ToString(), InspectionResult.ReportPathOf(result.InspectionId).ToString(),
            result.SecondsFromUpload, Truncated: [])
        {
            Familiarity = result.Familiarity,
            Unfamiliar = result.Unfamiliar,
        };

        // What a receiver misses least goes first; each step keeps those before it.
        Func<InspectionEventData, InspectionEventData>[] steps = [data => data, WithoutMetadata, WithFewerDefects, WithShorterReason, WithoutBlobName];
        InspectionEventData data = whole;
        foreach (Func<InspectionEventData, InspectionEventData> step in steps)
        {
            data = step(data);
            CloudEvent candidate = Wrap(result, data);
            if (Encoding.UTF8.GetByteCount(candidate.ToJson()) < CloudEvent.LargestSize - CloudEvent.TraceparentSize)
                return candidate;
        }

        throw new InvalidOperationException($"The event of inspection '{result.InspectionId}' cannot be kept under {CloudEvent.LargestSize} bytes.");
    }

    private static CloudEvent Wrap(InspectionResult result, InspectionEventData data) => new(
        $"{result.InspectionId}.{result.Status.ToString().ToLowerInvariant()}",
        BlobContainers.Inspections,
        result.Status switch
        {
            InspectionStatus.Completed => EventTypes.InspectionCompleted,
            InspectionStatus.Rejected => EventTypes.InspectionRejected,
            _ => EventTypes.InspectionFailed,
        },
        result.BlobName,
        result.FinishedAt,
        JsonSerializer.SerializeToElement(data, CloudPipeJson.Options));

    private static InspectionEventData WithoutMetadata(InspectionEventData data) =>
        data.Metadata is null ? data : data with { Metadata = null, Truncated = [.. data.Truncated, "metadata"] };

    private static InspectionEventData WithFewerDefects(InspectionEventData data) =>
        data.Defects.Count <= MostDefects ? data : data with { Defects = [.. data.Defects.Take(MostDefects)], Truncated = [.. data.Truncated, "defects"] };

    private static InspectionEventData WithShorterReason(InspectionEventData data) =>
        data.Reason is not { Message.Length: > LongestReason } reason
            ? data
            : data with { Reason = reason with { Message = EventText.Cut(reason.Message, LongestReason) }, Truncated = [.. data.Truncated, "reason"] };

    // The event's subject has it too.
    private static InspectionEventData WithoutBlobName(InspectionEventData data) =>
        data with { BlobName = "", Defects = [.. data.Defects.Take(8)], Truncated = [.. data.Truncated.Append("blobName").Append("defects").Distinct()] };
}
