namespace CloudPipe.GpuWorker.Training;

/// <summary>One class's row of a training report.</summary>
/// <param name="Index">The class.</param>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="TrainingClips">Clips that have it, among those that were learnt from.</param>
/// <param name="OutOfFold">Average precision out of fold, 0..1, by architecture in the report's order.</param>
/// <param name="EvaluationClips">Clips that have it, among those of the evaluation; <see langword="null"/> without one.</param>
/// <param name="Evaluation">Average precision of the whole ensemble on the evaluation's clips, 0..1; <see langword="null"/> without one.</param>
public sealed record ClassScore(int Index, string Code, string Name, int TrainingClips, IReadOnlyList<double> OutOfFold, int? EvaluationClips, double? Evaluation);
