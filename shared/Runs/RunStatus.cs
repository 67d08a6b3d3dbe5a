namespace CloudPipe.Runs;

/// <summary>How a training run ended.</summary>
public enum RunStatus
{
    /// <summary>Its release is published.</summary>
    Completed,

    /// <summary>It was given up; the reason says why and what to do.</summary>
    Failed,
}
