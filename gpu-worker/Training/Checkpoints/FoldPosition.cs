namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>How far a fold is.</summary>
/// <param name="Epoch">The epoch that is next or under way, from 1.</param>
/// <param name="Batch">Batches of it that are done.</param>
/// <param name="LossSum">Over the samples of these batches.</param>
/// <param name="Samples">In these batches.</param>
/// <param name="History">The epochs that are done.</param>
/// <param name="BestPrecision">The best mean average precision so far; <see langword="null"/> before the first.</param>
/// <param name="Stagnant">Measurements since then.</param>
/// <param name="KeptEpoch">The epoch whose weights are kept so far, 0 for none.</param>
/// <param name="IsFinished">Whether there is no epoch to come.</param>
public sealed record FoldPosition(
    int Epoch,
    int Batch,
    double LossSum,
    int Samples,
    IReadOnlyList<EpochResult> History,
    double? BestPrecision,
    int Stagnant,
    int KeptEpoch,
    bool IsFinished)
{
    /// <summary>Where every fold starts.</summary>
    public static FoldPosition Start { get; } = new(Epoch: 1, Batch: 0, LossSum: 0, Samples: 0, History: [], BestPrecision: null, Stagnant: 0, KeptEpoch: 0, IsFinished: false);
}
