namespace CloudPipe.Events;

/// <summary>What an event can say.</summary>
public static class EventTypes
{
    /// <summary>An inspection was scored.</summary>
    public const string InspectionCompleted = "com.cloudpipe.inspection.completed";

    /// <summary>An upload cannot be scored.</summary>
    public const string InspectionRejected = "com.cloudpipe.inspection.rejected";

    /// <summary>CloudPipe gave up on an inspection.</summary>
    public const string InspectionFailed = "com.cloudpipe.inspection.failed";

    /// <summary>A training run published its release.</summary>
    public const string RunCompleted = "com.cloudpipe.run.completed";

    /// <summary>A training run was given up.</summary>
    public const string RunFailed = "com.cloudpipe.run.failed";

    /// <summary>Every type.</summary>
    public static IReadOnlyList<string> All { get; } = [InspectionCompleted, InspectionRejected, InspectionFailed, RunCompleted, RunFailed];
}
