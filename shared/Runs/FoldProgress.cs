using System.Text.Json.Serialization;
using CloudPipe.Storage;

namespace CloudPipe.Runs;

/// <summary>How far one fold is: a line of <c>runs/&lt;id&gt;/&lt;architecture&gt;-fold&lt;n&gt;/progress.jsonl</c>. A fold that was interrupted repeats what came after its last checkpoint.</summary>
/// <param name="Time">When.</param>
/// <param name="Epoch">The epoch under way or just done, from 1.</param>
/// <param name="Epochs">How many there are.</param>
/// <param name="Loss">The mean loss of the epoch's samples so far.</param>
/// <param name="MeanAveragePrecision">On the held-out samples, 0..1, where the epoch was measured.</param>
public sealed record FoldProgress(DateTimeOffset Time, int Epoch, int Epochs, double Loss, double? MeanAveragePrecision)
{
    /// <summary>Batches of the epoch that are done, while it is under way; such a line gives way to the next.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Batch { get; init; }

    /// <summary>Batches of the epoch, while it is under way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Batches { get; init; }

    /// <summary>How fast the fold learns, while an epoch is under way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SamplesPerSecond { get; init; }

    /// <summary>The part of the fold that is done, 0..1.</summary>
    [JsonIgnore]
    public double Share => (Batch is int batch && Batches is int batches ? Epoch - 1 + ((double)batch / batches) : Epoch) / Epochs;

    /// <summary>Where a fold's progress lives.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="fold">The fold, from 0.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string runId, string architecture, int fold) => RunPlan.FoldPath(runId, architecture, fold, "progress.jsonl");
}
