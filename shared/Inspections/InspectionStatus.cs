namespace CloudPipe.Inspections;

/// <summary>How an inspection ended.</summary>
public enum InspectionStatus
{
    /// <summary>It was scored.</summary>
    Completed,

    /// <summary>The upload cannot be scored, whatever is tried; the reason says why.</summary>
    Rejected,

    /// <summary>CloudPipe gave up on it; a dead letter holds the message, and requeueing it tries again.</summary>
    Failed,
}
