using CloudPipe.GpuWorker.Training.Optimization;

namespace CloudPipe.GpuWorker.Tests.Training.Optimization;

internal sealed class ConstantSchedule(double rate) : LearningRateSchedule
{
    public override SchedulePoint At(long step) => new(rate, Momentum: null);
}
