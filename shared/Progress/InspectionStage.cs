namespace CloudPipe.Progress;

/// <summary>How far an inspection is.</summary>
public enum InspectionStage
{
    /// <summary>Uploaded; not probed yet.</summary>
    Waiting,

    /// <summary>Planned; frames are being cut.</summary>
    Cutting,

    /// <summary>All frames are cut; predictions are missing.</summary>
    Scoring,

    /// <summary>Scored.</summary>
    Completed,

    /// <summary>Cannot be scored; the result has the reason.</summary>
    Rejected,

    /// <summary>Given up; the result has the reason.</summary>
    Failed,
}
