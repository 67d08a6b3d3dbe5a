using CloudPipe.Ensembling;
using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>Decides how an inspection is divided: pure functions of the video, the release and the options.</summary>
/// <param name="options">How work is divided.</param>
public sealed class InspectionPlanner(InspectionOptions options)
{
    // A remainder shorter than this part of a segment joins the others: a clip of 60.04 s is the 60 s clip that was meant.
    private const double NegligibleRemainder = 0.05;

    /// <summary>Divides a video into segments of equal length.</summary>
    /// <param name="durationSeconds">The video's length, above 0.</param>
    /// <param name="segmentSeconds">
    /// The longest segment wanted, above 0. When the last segment would be shorter than a twentieth of it, there is one
    /// segment fewer, and all are longer by at most that twentieth.
    /// </param>
    /// <returns>At least one segment; together they cover the video without gap or overlap.</returns>
    public static IReadOnlyList<Segment> PlanSegments(double durationSeconds, double segmentSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(durationSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(segmentSeconds);
        int count = Math.Max(1, (int)Math.Ceiling((durationSeconds / segmentSeconds) - NegligibleRemainder));
        return [.. Enumerable.Range(0, count).Select(index => new Segment(index, durationSeconds * index / count, durationSeconds * (index + 1) / count))];
    }

    /// <summary>Makes the plan of an inspection.</summary>
    /// <param name="upload">The video.</param>
    /// <param name="video">What the probe found.</param>
    /// <param name="release">The release that scores, checked by <see cref="ReleaseStore"/>.</param>
    /// <param name="sidecar">What the uploader says.</param>
    /// <param name="plannedAt">Now.</param>
    /// <returns>The plan.</returns>
    public InspectionPlan Plan(BlobProperties upload, VideoInfo video, Release release, Sidecar sidecar, DateTimeOffset plannedAt)
    {
        IReadOnlyList<Segment> segments = PlanSegments(video.DurationSeconds, sidecar.SegmentSeconds ?? release.SegmentSeconds);
        return new InspectionPlan(
            InspectionId.Create(upload.Path.Name, upload.ETag),
            upload.Path.Name,
            upload.ETag,
            upload.LastModified,
            plannedAt,
            release.Name,
            release.Grid,
            release.Members.Max(member => member.TileSize),
            GroupMembers(release.Members),
            video,
            segments,
            PlanShards(segments.Count, SegmentsPerShard(release)),
            sidecar.Metadata)
        {
            Frames = release.Frames,
            Sampling = release.Sampling,
        };
    }

    /// <summary>Members of one architecture go together, so that a worker holds one network's weights at a time.</summary>
    private List<IReadOnlyList<int>> GroupMembers(IReadOnlyList<Member> members) =>
        [.. Enumerable.Range(0, members.Count)
            .GroupBy(index => members[index].Architecture, StringComparer.Ordinal)
            .SelectMany(group => group.Chunk(options.MembersPerGroup))];

    // A shard of denser frames is not larger, nor longer work.
    private int SegmentsPerShard(Release release) => Math.Max(1, options.SegmentsPerShard * release.Grid * release.Grid / release.FrameCount);

    private static List<Shard> PlanShards(int segmentCount, int segmentsPerShard) =>
        [.. Enumerable.Range(0, segmentCount)
            .Chunk(segmentsPerShard)
            .Select((segments, index) => new Shard(index, segments[0], segments.Length))];
}
