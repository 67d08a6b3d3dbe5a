using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Shared.Tests.Videos;
using CloudPipe.Storage;

namespace CloudPipe.Shared.Tests.Inspections;

public sealed class InspectionPlannerTests
{
    private static readonly BlobProperties _upload = new(new BlobPath(BlobContainers.Inspections, "a.mp4"), 10, "etag", DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData(0.04, 60, 1)]
    [InlineData(59.9, 60, 1)]
    [InlineData(60, 60, 1)]
    [InlineData(62.9, 60, 1)]
    [InlineData(63.1, 60, 2)]
    [InlineData(120, 60, 2)]
    [InlineData(122, 60, 2)]
    [InlineData(150, 60, 3)]
    [InlineData(10_800, 60, 180)]
    public void Segments_are_equal_and_cover_the_video(double duration, double segmentSeconds, int count)
    {
        IReadOnlyList<Segment> segments = InspectionPlanner.PlanSegments(duration, segmentSeconds);

        Assert.Equal(count, segments.Count);
        Assert.Equal(0, segments[0].StartSeconds);
        Assert.Equal(duration, segments[^1].EndSeconds, 9);
        Assert.All(segments, segment => Assert.Equal(duration / count, segment.DurationSeconds, 6));
        Assert.All(segments.Zip(segments.Skip(1)), pair => Assert.Equal(pair.First.EndSeconds, pair.Second.StartSeconds));
        Assert.All(segments, segment => Assert.True(segment.DurationSeconds <= segmentSeconds * 1.05));
    }

    [Fact]
    public void Shards_hold_every_segment_once()
    {
        InspectionPlan plan = Plan(new InspectionOptions { SegmentsPerShard = 4 }, duration: 600);

        Assert.Equal([new Shard(0, 0, 4), new Shard(1, 4, 4), new Shard(2, 8, 2)], plan.Shards);
    }

    [Fact]
    public void Members_of_one_architecture_are_grouped()
    {
        InspectionPlan plan = Plan(new InspectionOptions(), duration: 10);

        Assert.Equal([[0, 1], [2]], plan.MemberGroups);
        Assert.Equal(InspectionBucket.TileSize, plan.TileSize);
    }

    [Fact]
    public void A_large_group_is_divided()
    {
        InspectionPlan plan = Plan(new InspectionOptions { MembersPerGroup = 1 }, duration: 10);

        Assert.Equal([[0], [1], [2]], plan.MemberGroups);
    }

    [Fact]
    public void A_plan_says_the_frames_of_its_release_and_a_shard_of_them_is_as_much_work()
    {
        Release dense = InspectionBucket.DemoRelease() with { Frames = 18, Sampling = FrameSampling.Dense };
        InspectionPlan plan = Plan(new InspectionOptions { SegmentsPerShard = 4 }, duration: 480, release: dense);
        InspectionPlan denser = Plan(new InspectionOptions { SegmentsPerShard = 4 }, duration: 480, release: dense with { Frames = 90 });

        Assert.Equal((18, FrameSampling.Dense), (plan.FrameCount, plan.Sampling));
        Assert.Equal([2, 2, 2, 2], plan.Shards.Select(shard => shard.SegmentCount));
        Assert.Equal(8, denser.Shards.Count);
        Assert.Equal(18, plan.InstantsOf(plan.Segments[1]).InstantsSeconds.Count);
    }

    [Fact]
    public void A_plan_that_says_nothing_of_frames_is_of_uniform_ones()
    {
        InspectionPlan plan = Plan(new InspectionOptions(), duration: 60);
        string json = JsonSerializer.Serialize(plan, CloudPipeJson.Options);

        InspectionPlan read = JsonSerializer.Deserialize<InspectionPlan>(json, CloudPipeJson.Options)!;

        Assert.DoesNotContain("\"frames\"", json);
        Assert.DoesNotContain("sampling", json);
        Assert.Equal(SamplingPlan.Uniform(plan.Segments[0], 9).InstantsSeconds, read.InstantsOf(plan.Segments[0]).InstantsSeconds);
    }

    [Fact]
    public void The_sidecar_sets_the_segments_and_passes_its_metadata_on()
    {
        var metadata = new Dictionary<string, string> { ["street"] = "Hauptstraße" };
        InspectionPlan plan = Plan(new InspectionOptions(), duration: 60, new Sidecar(null, 20, metadata));

        Assert.Equal(3, plan.Segments.Count);
        Assert.Equal("Hauptstraße", plan.Metadata!["street"]);
    }

    [Fact]
    public void Instants_are_the_centres_of_equal_parts()
    {
        var sampling = SamplingPlan.Uniform(new Segment(1, 60, 78), 9);

        Assert.Equal([61, 63, 65, 67, 69, 71, 73, 75, 77], sampling.InstantsSeconds);
    }

    private static InspectionPlan Plan(InspectionOptions options, double duration, Sidecar? sidecar = null, Release? release = null) => new InspectionPlanner(options).Plan(
        _upload,
        new VideoInfo(duration, 0, 128, 96, 25, "h264", "mov", 0),
        release ?? InspectionBucket.DemoRelease(),
        sidecar ?? Sidecar.None,
        DateTimeOffset.UnixEpoch);
}
