namespace CloudPipe.GpuWorker.Training.Sampling;

/// <summary>Which clips an epoch is made of.</summary>
public enum SamplingKind
{
    /// <summary>Each clip once.</summary>
    Uniform,

    /// <summary>As many draws as there are clips, more of those with rare classes: see <see cref="ClassBalance"/>.</summary>
    ClassBalanced,
}
