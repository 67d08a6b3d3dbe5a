namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>What the forward and the backward pass compute in; weights, averages and the optimizer are float32 in any case.</summary>
public enum TrainingPrecision
{
    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>16 bits with the exponent of float32: half the memory, and no loss has to be scaled.</summary>
    BFloat16,
}
