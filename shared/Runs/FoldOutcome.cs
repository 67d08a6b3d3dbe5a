using CloudPipe.Storage;

namespace CloudPipe.Runs;

/// <summary>What became of one fold of one network: <c>runs/&lt;id&gt;/&lt;architecture&gt;-fold&lt;n&gt;/outcome.json</c>.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Failure">Why it was given up; <see langword="null"/> when it was trained.</param>
/// <param name="Training">What training came to; <see langword="null"/> when it was given up.</param>
public sealed record FoldOutcome(string Architecture, int Fold, DateTimeOffset FinishedAt, string? Failure, FoldTraining? Training)
{
    /// <summary>Where a fold's outcome lives.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="fold">The fold, from 0.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string runId, string architecture, int fold) => RunPlan.FoldPath(runId, architecture, fold, "outcome.json");
}
