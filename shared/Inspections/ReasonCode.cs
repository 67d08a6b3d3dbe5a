namespace CloudPipe.Inspections;

/// <summary>Why an inspection was rejected or failed.</summary>
public enum ReasonCode
{
    /// <summary>The upload has no bytes.</summary>
    EmptyFile,

    /// <summary>The upload is no video in a container that CloudPipe reads.</summary>
    NotAVideo,

    /// <summary>The container has no video stream.</summary>
    NoVideoStream,

    /// <summary>The file ends before the container says, or its index is missing.</summary>
    Truncated,

    /// <summary>The picture is too small, too large, or has no size.</summary>
    UnsupportedSize,

    /// <summary>The file has no frame that can be decoded.</summary>
    Undecodable,

    /// <summary>The video is longer than is allowed.</summary>
    TooLong,

    /// <summary>The sidecar is no JSON, or has a field that is not understood.</summary>
    InvalidSidecar,

    /// <summary>The release is not there, or is faulty.</summary>
    InvalidRelease,

    /// <summary>The upload changed or was deleted while it was worked on.</summary>
    UploadChanged,

    /// <summary>A step kept failing.</summary>
    StepFailed,
}
