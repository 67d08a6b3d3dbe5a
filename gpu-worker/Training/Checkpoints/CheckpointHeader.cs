namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>What a checkpoint says of itself.</summary>
/// <param name="Version">Of its layout.</param>
/// <param name="Identity">Of the fold that it is of: recipe, seed, clips and all that decides its weights.</param>
/// <param name="Description">The fold in words, for errors.</param>
/// <param name="Steps">Of the optimizer and of the schedule.</param>
/// <param name="AverageUpdates">Of the moving average.</param>
/// <param name="Position">How far the fold is; random numbers are a function of it.</param>
public sealed record CheckpointHeader(int Version, string Identity, string Description, long Steps, long AverageUpdates, FoldPosition Position)
{
    /// <summary>The layout that this program writes.</summary>
    public const int CurrentVersion = 1;
}
