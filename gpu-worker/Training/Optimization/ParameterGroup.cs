using TorchSharp.Modules;

namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>Parameters that are trained alike.</summary>
/// <param name="LearningRateScale">Times the schedule's learning rate.</param>
/// <param name="WeightDecay">Of these parameters.</param>
/// <param name="Parameters">With their keys.</param>
internal sealed record ParameterGroup(double LearningRateScale, double WeightDecay, IReadOnlyList<KeyValuePair<string, Parameter>> Parameters);
