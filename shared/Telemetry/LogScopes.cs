namespace CloudPipe.Telemetry;

/// <summary>The names under which every log line carries what it is about.</summary>
public static class LogScopes
{
    /// <summary>The inspection's id.</summary>
    public const string Inspection = "InspectionId";

    /// <summary>The training run's id.</summary>
    public const string Run = "RunId";

    /// <summary>The trace that the step's span stands in, while somebody traces.</summary>
    public const string Trace = "TraceId";
}
