using System.Text.Json.Serialization;

namespace CloudPipe.Methods;

/// <summary>The method that a network was trained with, and scores with.</summary>
/// <param name="Kind">Which.</param>
/// <param name="FramePooling">Of the method <see cref="MethodKind.Frames"/>: how the frames' probabilities become the video's.</param>
/// <param name="Head">Of the method <see cref="MethodKind.FeatureMemory"/>: what reads the clips' features; <see langword="null"/> for any other.</param>
public sealed record MemberMethod(
    MethodKind Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] FramePooling FramePooling = FramePooling.Mean,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FeatureHead? Head = null)
{
    /// <summary>Checks the method by itself.</summary>
    /// <returns>One fault a value that is out of its range, beginning with its name.</returns>
    public IEnumerable<string> Faults()
    {
        if (!Enum.IsDefined(Kind))
            yield return $"kind is {Kind}; use superImage, frames, clip or featureMemory.";
        if (!Enum.IsDefined(FramePooling))
            yield return $"framePooling is {FramePooling}; use mean, max or median.";
        if (Kind == MethodKind.FeatureMemory != Head is not null)
            yield return Head is null ? "head is missing: the method featureMemory has one." : "head is there, and only the method featureMemory has one.";
        foreach (string fault in Head?.Faults() ?? [])
            yield return $"head.{fault}";
    }
}
