using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.Events;

/// <summary>Makes the event of a training run's result: a pure function, so a repeat is the same event byte for byte.</summary>
public static class RunEvents
{
    private const int LongestReason = 1000;

    /// <summary>Makes the event.</summary>
    /// <param name="result">The result as stored.</param>
    /// <returns>An event whose JSON is shorter than <see cref="CloudEvent.LargestSize"/> bytes.</returns>
    public static CloudEvent Create(RunResult result)
    {
        bool completed = result.Status == RunStatus.Completed;
        var data = new RunEventData(
            result.RunId,
            result.BlobName,
            result.Status,
            result.FinishedAt,
            result.Reason is { } reason ? EventText.Cut(reason, LongestReason) : null,
            result.Release,
            result.MeanAveragePrecision,
            result.EvaluationMeanAveragePrecision,
            RunResult.PathOf(result.RunId).ToString(),
            completed ? RunResult.FileOf(result.RunId, ReduceRunStep.ReportFile).ToString() : null,
            result.SecondsFromRequest);
        return new CloudEvent(
            $"{result.RunId}.{result.Status.ToString().ToLowerInvariant()}",
            BlobContainers.Training,
            completed ? EventTypes.RunCompleted : EventTypes.RunFailed,
            result.BlobName,
            result.FinishedAt,
            JsonSerializer.SerializeToElement(data, CloudPipeJson.Options));
    }
}
