namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>How the learning rate changes over a run.</summary>
public enum ScheduleKind
{
    /// <summary>Up once and down once: Smith, Topin 2018, https://arxiv.org/abs/1708.07120.</summary>
    OneCycle,

    /// <summary>Down again and again, after a linear warm-up: Loshchilov, Hutter 2017, https://arxiv.org/abs/1608.03983.</summary>
    WarmRestarts,
}
