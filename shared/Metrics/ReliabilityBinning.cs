namespace CloudPipe.Metrics;

/// <summary>How a reliability curve groups probabilities.</summary>
public enum ReliabilityBinning
{
    /// <summary>Every bin spans as much of 0..1.</summary>
    EqualWidth,

    /// <summary>Every bin holds as many samples, but equal probabilities are never parted.</summary>
    EqualMass,
}
