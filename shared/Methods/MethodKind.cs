namespace CloudPipe.Methods;

/// <summary>What a network sees of a video, and how its answers become the video's.</summary>
public enum MethodKind
{
    /// <summary>The frames side by side in one image, which is labelled like the video.</summary>
    SuperImage,

    /// <summary>Each frame by itself, labelled like the video; the frames' probabilities are pooled.</summary>
    Frames,

    /// <summary>The frames one after another in time, by a network that looks at clips.</summary>
    Clip,

    /// <summary>Many clips, each a super-image that an encoder makes a feature of; a transformer reads the features of all.</summary>
    FeatureMemory,
}
