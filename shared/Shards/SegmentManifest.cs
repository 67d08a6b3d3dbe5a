using System.Text.Json.Serialization;

namespace CloudPipe.Shards;

/// <summary>What a shard says of one of its segments: <c>&lt;key&gt;.json</c>.</summary>
/// <param name="SegmentIndex">The segment's index in the inspection's plan, or the sample's in its data set, from 0.</param>
/// <param name="StartSeconds">From the video's first frame.</param>
/// <param name="EndSeconds">From the video's first frame; exclusive.</param>
/// <param name="Frames">One per tile, in order of the tiles.</param>
/// <param name="Sample">In a data set's shard what the segment was cut from and its classes; else <see langword="null"/>.</param>
public sealed record SegmentManifest(
    int SegmentIndex,
    double StartSeconds,
    double EndSeconds,
    IReadOnlyList<FrameTime> Frames,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LabelledSource? Sample = null);
