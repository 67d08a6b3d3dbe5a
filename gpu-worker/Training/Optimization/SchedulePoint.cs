namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>What a schedule asks for at a step.</summary>
/// <param name="LearningRate">Of parameters whose rate is not scaled.</param>
/// <param name="Momentum">SGD's momentum or AdamW's first beta; <see langword="null"/> leaves it as the recipe has it.</param>
internal readonly record struct SchedulePoint(double LearningRate, double? Momentum);
