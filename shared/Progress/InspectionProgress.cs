using CloudPipe.Inspections;

namespace CloudPipe.Progress;

/// <summary>How far one inspection is, as far as its files tell.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="BlobName">The upload's name in the inspections container.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Segments">How many segments it has; 0 until planned.</param>
/// <param name="Done">Pieces of work done: shards cut and predictions written.</param>
/// <param name="Total">Pieces of work in all; 0 until planned.</param>
/// <param name="Result">What the user receives, once there is one.</param>
public sealed record InspectionProgress(string InspectionId, string BlobName, InspectionStage Stage, int Segments, int Done, int Total, InspectionResult? Result)
{
    /// <summary>The pieces of work one by one; <see langword="null"/> until planned, and where nothing tells how far a given-up inspection came.</summary>
    public InspectionWork? Work { get; init; }

    /// <summary>Whether the inspection has its result.</summary>
    public bool IsFinished => Result is not null;

    /// <summary>The state in a few words: the defects, the reason, or how much is done.</summary>
    /// <returns>For example <c>CK 0.93, SL 0.71</c> or <c>2 of 6</c>.</returns>
    public string Describe() => this switch
    {
        { Result: { Status: InspectionStatus.Completed } result } => TopLabels(result),
        { Result.Reason: { } reason } => reason.Message,
        { Total: > 0 } => $"{Done} of {Total}",
        _ => "",
    };

    private static string TopLabels(InspectionResult result)
    {
        IEnumerable<LabelScore> labels = result.Defects.Count > 0 ? result.Defects.Take(3) : result.Labels.OrderByDescending(label => label.Probability).Take(1);
        string top = string.Join(", ", labels.Select(label => FormattableString.Invariant($"{label.Code} {label.Name} {label.Probability:0.00}")));
        return result.Unfamiliar == true ? $"unlike the training data; {top}" : top;
    }
}
