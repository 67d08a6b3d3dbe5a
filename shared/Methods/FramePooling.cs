namespace CloudPipe.Methods;

/// <summary>How the probabilities of a video's frames become the video's, class by class.</summary>
public enum FramePooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest: one frame is enough to show a defect.</summary>
    Max,

    /// <summary>The one in the middle; of an even number, the mean of the two in the middle.</summary>
    Median,
}
