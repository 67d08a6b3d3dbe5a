namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>
/// The learning rate as a function of the step's number and of nothing else: a run that resumes needs no more than the number.
/// Our own, as TorchSharp has no warm restarts, and its OneCycleLR schedules a second parameter group wrongly (it compares the
/// group's number with the number of phases).
/// </summary>
internal abstract class LearningRateSchedule
{
    /// <summary>The schedule that a recipe asks for.</summary>
    public static LearningRateSchedule Of(TrainingRecipe recipe, int stepsPerEpoch)
    {
        long totalSteps = (long)recipe.Epochs * stepsPerEpoch;
        return recipe.Schedule == ScheduleKind.OneCycle
            ? new OneCycleSchedule(recipe.MaxLearningRate, totalSteps, recipe.WarmUpFraction, recipe.InitialDivisor, recipe.FinalDivisor)
            : new WarmRestartSchedule(
                recipe.MaxLearningRate,
                warmUpSteps: recipe.WarmUpFraction * totalSteps,
                firstRate: recipe.MaxLearningRate / recipe.InitialDivisor,
                period: recipe.RestartEpochs * stepsPerEpoch,
                recipe.RestartMultiplier,
                lowestRate: recipe.MaxLearningRate / recipe.InitialDivisor / recipe.FinalDivisor);
    }

    /// <summary>What the optimizer uses at a step, counted from 0.</summary>
    public abstract SchedulePoint At(long step);

    /// <summary>Half a cosine wave from one value to another, <paramref name="done"/> 0 to 1.</summary>
    protected static double Anneal(double start, double end, double done) => end + ((start - end) / 2 * (Math.Cos(Math.PI * done) + 1));
}
