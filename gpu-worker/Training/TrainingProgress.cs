namespace CloudPipe.GpuWorker.Training;

/// <summary>How far a training run is.</summary>
/// <param name="Stage">What it does: <c>cutting</c>, <c>decoding</c>, <c>encoding</c>, <c>training</c>, <c>evaluating</c>.</param>
/// <param name="Completed">Units done in this stage (clips, videos encoded, or steps of all folds of the architecture).</param>
/// <param name="Total">Units of this stage.</param>
/// <param name="Message">One line for a person.</param>
public sealed record TrainingProgress(string Stage, long Completed, long Total, string Message);
