using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Training.Optimization;

namespace CloudPipe.GpuWorker.Training;

/// <summary>Everything of a fold that training changes; disposed with this object.</summary>
/// <param name="weights">The network.</param>
/// <param name="average">Its moving average.</param>
/// <param name="optimizer">What trains it.</param>
/// <param name="memory">The features that it remembers; <see langword="null"/> where the method has none.</param>
internal sealed class FoldState(MasterWeights weights, ModelEma average, ScheduledOptimizer optimizer, FeatureMemory? memory) : IDisposable
{
    public MasterWeights Weights => weights;

    public ModelEma Average => average;

    public ScheduledOptimizer Optimizer => optimizer;

    public FeatureMemory? Memory => memory;

    public void Dispose()
    {
        memory?.Dispose();
        optimizer.Dispose();
        average.Dispose();
        weights.Dispose();
    }
}
