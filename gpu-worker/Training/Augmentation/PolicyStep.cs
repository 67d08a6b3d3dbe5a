namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>One half of an AutoAugment sub-policy.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Probability">How often it is applied, 0..1.</param>
/// <param name="Magnitude">Its magnitude's number, 0 to 9; nothing for an operation that has none.</param>
internal readonly record struct PolicyStep(TileOperationKind Kind, double Probability, int Magnitude = 0);
