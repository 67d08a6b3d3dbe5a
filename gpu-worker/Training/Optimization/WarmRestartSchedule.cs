namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>
/// A linear warm-up, then half cosine waves from the highest rate to the lowest, each longer than the one before by a factor.
/// Loshchilov, Hutter: SGDR, ICLR 2017, https://arxiv.org/abs/1608.03983, equation 5.
/// </summary>
/// <param name="maxRate">Where each wave starts.</param>
/// <param name="warmUpSteps">Steps before the first wave.</param>
/// <param name="firstRate">Where the warm-up starts.</param>
/// <param name="period">Steps of the first wave (T0).</param>
/// <param name="multiplier">How many times longer the next is (Tmult).</param>
/// <param name="lowestRate">Where each wave ends.</param>
internal sealed class WarmRestartSchedule(double maxRate, double warmUpSteps, double firstRate, double period, double multiplier, double lowestRate) : LearningRateSchedule
{
    public override SchedulePoint At(long step)
    {
        if (step < warmUpSteps)
            return new(firstRate + ((maxRate - firstRate) * step / warmUpSteps), Momentum: null);

        double since = step - warmUpSteps;
        double length = period;
        while (since >= length)
        {
            since -= length;
            length *= multiplier;
        }

        return new(Anneal(maxRate, lowestRate, since / length), Momentum: null);
    }
}
