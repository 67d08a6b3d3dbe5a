namespace CloudPipe.Labels;

/// <summary>What a class means for the pipe, after CJJ 181.</summary>
public enum DefectKind
{
    /// <summary>No defect.</summary>
    Normal,

    /// <summary>The pipe's structure is damaged.</summary>
    Structural,

    /// <summary>The pipe's flow is hindered.</summary>
    Functional,
}
