namespace CloudPipe.Functions.Api.Runs;

/// <summary>How far a training run is.</summary>
public enum RunStage
{
    /// <summary>Requested; not planned yet.</summary>
    Waiting,

    /// <summary>Planned; folds are being trained.</summary>
    Training,

    /// <summary>Its release is published.</summary>
    Completed,

    /// <summary>Given up; the result has the reason.</summary>
    Failed,
}
