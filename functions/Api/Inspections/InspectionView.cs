using CloudPipe.Progress;

namespace CloudPipe.Functions.Api.Inspections;

/// <summary>How far an inspection is.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="BlobName">The upload's name.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Segments">How many segments it has; 0 until planned.</param>
/// <param name="Work">Its shards and predictions, and how many are done; <see langword="null"/> until planned, and once it is rejected or failed.</param>
/// <param name="Result">How it ended; <see langword="null"/> until then.</param>
public sealed record InspectionView(string InspectionId, string BlobName, InspectionStage Stage, int Segments, InspectionWork? Work, InspectionSummary? Result)
{
    /// <summary>Shows what the bucket's files tell.</summary>
    /// <param name="progress">What they tell.</param>
    /// <returns>The view.</returns>
    public static InspectionView Of(InspectionProgress progress) => new(
        progress.InspectionId, progress.BlobName, progress.Stage, progress.Segments, progress.Work, progress.Result is null ? null : InspectionSummary.Of(progress.Result));
}
