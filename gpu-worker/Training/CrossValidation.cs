using CloudPipe.GpuWorker.Training.Checkpoints;
using CloudPipe.Metrics;

namespace CloudPipe.GpuWorker.Training;

/// <summary>Trains every fold of an architecture, and puts the held-out scores together.</summary>
/// <param name="dataset">The clips.</param>
/// <param name="classCount">How many classes the labels have.</param>
/// <param name="trainer">Trains a fold.</param>
public sealed class CrossValidation(TileDataset dataset, int classCount, FoldTrainer trainer)
{
    /// <summary>Trains the folds, one after another.</summary>
    /// <param name="architecture">By its catalog name.</param>
    /// <param name="folds">Each clip's fold, from 0.</param>
    /// <param name="weightsPath">Where a fold's weights go.</param>
    /// <param name="checkpoints">Where a fold's checkpoints are.</param>
    /// <param name="progress">Hears of every step.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The folds and their out-of-fold precision.</returns>
    public CrossValidationResult Run(
        string architecture,
        IReadOnlyList<int> folds,
        Func<int, string> weightsPath,
        Func<int, ICheckpointStore> checkpoints,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        int foldCount = folds.Max() + 1;
        var results = new FoldResult[foldCount];
        var outOfFold = new IReadOnlyList<double>[dataset.Count];
        for (int fold = 0; fold < foldCount; fold++)
        {
            int[] training = [.. Enumerable.Range(0, dataset.Count).Where(clip => folds[clip] != fold)];
            int[] validation = [.. Enumerable.Range(0, dataset.Count).Where(clip => folds[clip] == fold)];
            results[fold] = trainer.Train(new FoldTask(architecture, fold, foldCount, training, validation, weightsPath(fold), checkpoints(fold)), progress, cancellationToken)!;
            for (int i = 0; i < validation.Length; i++)
                outOfFold[validation[i]] = results[fold].Probabilities[i];
        }

        return new CrossValidationResult(architecture, results, outOfFold, AveragePrecision.Report(outOfFold, dataset.Labels, classCount));
    }
}
