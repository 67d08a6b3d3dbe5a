using System.Text.Json.Serialization;
using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>Everything decided about an inspection before work starts: written once, read by every step.</summary>
/// <param name="InspectionId">The inspection; see <see cref="Inspections.InspectionId"/>.</param>
/// <param name="BlobName">The upload's name in the inspections container.</param>
/// <param name="ETag">The upload's ETag: a step that finds another one works on a changed upload and stops.</param>
/// <param name="UploadedAt">When the upload was written.</param>
/// <param name="PlannedAt">When this plan was made.</param>
/// <param name="Release">The release that scores, by name.</param>
/// <param name="Grid">Tiles per side of a super-image: each segment's shows grid² frames.</param>
/// <param name="TileSize">Width and height in pixels of a stored tile: the largest that any member asks for.</param>
/// <param name="MemberGroups">Indices into the release's members: one score message per shard and group.</param>
/// <param name="Video">What the probe found.</param>
/// <param name="Segments">In order of time.</param>
/// <param name="Shards">In order of time; together they hold every segment once.</param>
/// <param name="Metadata">The sidecar's own fields (asset, street, operator …), passed through to the result.</param>
public sealed record InspectionPlan(
    string InspectionId,
    string BlobName,
    [property: JsonPropertyName("etag")] string ETag,
    DateTimeOffset UploadedAt,
    DateTimeOffset PlannedAt,
    string Release,
    int Grid,
    int TileSize,
    IReadOnlyList<IReadOnlyList<int>> MemberGroups,
    VideoInfo Video,
    IReadOnlyList<Segment> Segments,
    IReadOnlyList<Shard> Shards,
    IReadOnlyDictionary<string, string>? Metadata = null)
{
    /// <summary>How many frames of a segment are cut; <see langword="null"/> for grid².</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Frames { get; init; }

    /// <summary>Which frames of a segment are cut.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FrameSampling Sampling { get; init; }

    /// <summary>How many frames of a segment are cut, said or not.</summary>
    [JsonIgnore]
    public int FrameCount => Frames ?? Grid * Grid;

    /// <summary>The instants whose frames are cut.</summary>
    /// <param name="segment">One of the inspection's segments.</param>
    /// <returns><see cref="FrameCount"/> instants.</returns>
    public SamplingPlan InstantsOf(Segment segment) => SamplingPlan.Of(segment, Sampling, FrameCount, Video.FramesPerSecond);

    /// <summary>Where an inspection's plan lives.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string inspectionId) => new(BlobContainers.Plans, $"{inspectionId}.json");

    /// <summary>Where one of the inspection's shards lives.</summary>
    /// <param name="shardIndex">The shard, from 0.</param>
    /// <returns>The blob.</returns>
    public BlobPath ShardPath(int shardIndex) => new(BlobContainers.Shards, $"{InspectionId}/{shardIndex:D5}.tar");

    /// <summary>Where the scores of one member group on one shard live.</summary>
    /// <param name="shardIndex">The shard, from 0.</param>
    /// <param name="groupIndex">The member group, from 0.</param>
    /// <returns>The blob.</returns>
    public BlobPath PredictionPath(int shardIndex, int groupIndex) =>
        new(BlobContainers.Predictions, $"{InspectionId}/{shardIndex:D5}-{groupIndex:D2}.json");
}
