namespace CloudPipe.GpuWorker.Training.Losses;

/// <summary>What training makes small.</summary>
public enum LossKind
{
    /// <summary><see cref="AsymmetricLoss"/>.</summary>
    Asymmetric,

    /// <summary><see cref="Losses.BinaryCrossEntropy"/>.</summary>
    BinaryCrossEntropy,
}
