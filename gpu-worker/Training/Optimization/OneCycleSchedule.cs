namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>
/// Up to the highest rate and down to the lowest, while the momentum goes the other way. Smith, Topin: Super-Convergence,
/// 2018, https://arxiv.org/abs/1708.07120; the numbers are those of PyTorch's <c>OneCycleLR</c> with two phases.
/// </summary>
internal sealed class OneCycleSchedule(double maxRate, long totalSteps, double warmUpFraction, double initialDivisor, double finalDivisor) : LearningRateSchedule
{
    // PyTorch's defaults.
    private const double LowMomentum = 0.85;
    private const double HighMomentum = 0.95;

    public override SchedulePoint At(long step)
    {
        double initialRate = maxRate / initialDivisor;
        double top = (warmUpFraction * totalSteps) - 1;
        double end = totalSteps - 1;
        if (step <= top && top > 0)
            return new(Anneal(initialRate, maxRate, step / top), Anneal(HighMomentum, LowMomentum, step / top));

        double done = (step - top) / (end - top);
        return new(Anneal(maxRate, initialRate / finalDivisor, done), Anneal(LowMomentum, HighMomentum, done));
    }
}
