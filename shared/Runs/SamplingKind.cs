namespace CloudPipe.Runs;

/// <summary>Which clips an epoch is made of.</summary>
public enum SamplingKind
{
    /// <summary>Each clip once.</summary>
    Uniform,

    /// <summary>As many draws as there are clips, more of those with rare classes, by the effective number of samples.</summary>
    ClassBalanced,
}
