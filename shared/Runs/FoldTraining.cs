using System.Text.Json.Serialization;
using CloudPipe.Familiarity;

namespace CloudPipe.Runs;

/// <summary>A trained fold.</summary>
/// <param name="Weights">Its weights' blob name in the releases container.</param>
/// <param name="WeightsSha256">Of the file.</param>
/// <param name="TileSize">Width and height of the tiles that it was trained on, in pixels.</param>
/// <param name="KeptEpoch">The epoch whose weights were kept, from 1.</param>
/// <param name="Epochs">Its history.</param>
/// <param name="HeldOut">Its probabilities for the samples that it did not see, in order of the data set: one row a sample, one column a class.</param>
/// <param name="Evaluation">The same for the evaluation's data set; <see langword="null"/> without one.</param>
public sealed record FoldTraining(
    string Weights,
    string WeightsSha256,
    int TileSize,
    int KeptEpoch,
    IReadOnlyList<EpochResult> Epochs,
    IReadOnlyList<IReadOnlyList<double>> HeldOut,
    IReadOnlyList<IReadOnlyList<double>>? Evaluation)
{
    /// <summary>What the data set looks like to the network; <see langword="null"/> when there were too few samples to tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FeatureStatistics? FeatureStatistics { get; init; }
}
