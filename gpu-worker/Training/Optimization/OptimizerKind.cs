namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>What turns gradients into steps.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay: Loshchilov, Hutter 2019, https://arxiv.org/abs/1711.05101.</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}
