using System.Text.RegularExpressions;
using CloudPipe.Ensembling;
using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>Decides how an inspection is divided: pure functions of the video, the release and the options.</summary>
/// <param name="options">How work is divided.</param>
public sealed partial class InspectionPlanner(InspectionOptions options)
{
    /// <summary>The most tiles per side that a release may ask for.</summary>
    public const int LargestGrid = 9;

    /// <summary>The smallest and the largest tile that a member may ask for, in pixels.</summary>
    private const int SmallestTile = 16, LargestTile = 2048;

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

    /// <summary>Whether a text may name a release.</summary>
    /// <param name="name">The text.</param>
    /// <returns>Whether it has 1 to 64 characters of a-z, 0-9, hyphen and dot.</returns>
    public static bool IsReleaseName(string name) => ReleaseName().IsMatch(name);

    /// <summary>Makes the plan of an inspection.</summary>
    /// <param name="upload">The video.</param>
    /// <param name="video">What the probe found.</param>
    /// <param name="release">The release that scores.</param>
    /// <param name="sidecar">What the uploader says.</param>
    /// <param name="plannedAt">Now.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="InspectionRejectedException">The release cannot score anything.</exception>
    public InspectionPlan Plan(BlobProperties upload, VideoInfo video, Release release, Sidecar sidecar, DateTimeOffset plannedAt)
    {
        Check(release);
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
            PlanShards(segments.Count),
            sidecar.Metadata);
    }

    private static void Check(Release release)
    {
        string? fault = release switch
        {
            { Members.Count: 0 } => "has no member",
            { Grid: < 1 or > LargestGrid } => $"has grid {release.Grid}; 1 to {LargestGrid} is possible",
            { SegmentSeconds: not (>= 1 and <= 86_400) } => $"has segmentSeconds {release.SegmentSeconds}; 1 to 86400 is possible",
            _ when release.Members.FirstOrDefault(member => member.TileSize is < SmallestTile or > LargestTile) is { } member =>
                $"has the member '{member.Weights}' with tile size {member.TileSize}; {SmallestTile} to {LargestTile} is possible",
            _ => null,
        };
        if (fault is not null)
        {
            throw new InspectionRejectedException(ReasonCode.InvalidRelease, $"The release '{release.Name}' {fault}. Publish a corrected release and name it in the sidecar or in the configuration.");
        }
    }

    /// <summary>Members of one architecture go together, so that a worker holds one network's weights at a time.</summary>
    private List<IReadOnlyList<int>> GroupMembers(IReadOnlyList<Member> members) =>
        [.. Enumerable.Range(0, members.Count)
            .GroupBy(index => members[index].Architecture, StringComparer.Ordinal)
            .SelectMany(group => group.Chunk(options.MembersPerGroup))];

    private List<Shard> PlanShards(int segmentCount) =>
        [.. Enumerable.Range(0, segmentCount)
            .Chunk(options.SegmentsPerShard)
            .Select((segments, index) => new Shard(index, segments[0], segments.Length))];

    [GeneratedRegex(@"\A[a-z0-9.-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ReleaseName();
}
