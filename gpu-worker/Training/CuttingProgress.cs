using CloudPipe.Datasets;

namespace CloudPipe.GpuWorker.Training;

/// <summary>Tells of an import as training's first stage.</summary>
/// <param name="progress">Hears of it.</param>
public sealed class CuttingProgress(IProgress<TrainingProgress> progress) : IProgress<ImportProgress>
{
    /// <inheritdoc/>
    public void Report(ImportProgress value) => progress.Report(new TrainingProgress("cutting", value.Completed, value.Total, value.Sample));
}
