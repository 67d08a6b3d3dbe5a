using CloudPipe.Inspections;
using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Videos;

namespace CloudPipe.Shared.Tests.Shards;

/// <summary>Every frame that is cut lies within half a frame interval of its instant: read from the picture itself.</summary>
public sealed class SamplingAccuracyTests
{
    private const string X264 = "-c:v libx264 -preset ultrafast";

    private static readonly Dictionary<string, NumberedVideo> _videos = new()
    {
        ["constant rate"] = new(".mp4", $"{X264} -g 50"),
        ["29.97 frames a second"] = new(".mp4", $"{X264} -g 60") { FramesPerSecond = 29.97 },
        ["many B-frames, one key frame"] = new(".mp4", "-c:v libx264 -preset veryfast -bf 8 -b_strategy 0 -g 1000 -sc_threshold 0"),
        ["open groups of pictures"] = new(".mkv", "-c:v libx264 -preset veryfast -bf 3 -g 25 -x264-params open-gop=1"),
        ["alternating intervals"] = new(".mp4", $"{X264} -g 40") { TimeOf = number => (number / 2 * 0.1) + (number % 2 * 0.03), TimeExpression = "floor(N/2)*0.1+mod(N,2)*0.03" },
        ["a pause of four seconds"] = new(".mkv", $"{X264} -bf 2 -g 40") { TimeOf = number => (number * 0.04) + (number >= 120 ? 4 : 0), TimeExpression = "N*0.04+if(gte(N,120),4,0)" },
        ["one frame a second"] = new(".mp4", $"{X264} -g 5") { FramesPerSecond = 1, FrameCount = 20 },
        ["rotated by 90"] = new(".mp4", $"{X264} -g 50") { Turns = 1 },
        ["rotated by 180"] = new(".mp4", $"{X264} -g 50") { Turns = 2 },
        ["rotated by 270"] = new(".mp4", $"{X264} -g 50 -bf 2") { Turns = 3 },
        ["starts at 3.7 s, mp4"] = new(".mp4", $"{X264} -g 50 -output_ts_offset 3.7"),
        ["starts at 12.5 s, mkv"] = new(".mkv", $"{X264} -g 50 -bf 2 -output_ts_offset 12.5"),
        ["starts at 1000 s, mpeg-ts"] = new(".ts", $"{X264} -g 50 -bf 2 -output_ts_offset 1000"),
        ["odd size"] = new(".avi", "-pix_fmt yuv444p -c:v mjpeg -q:v 3 -strict unofficial") { Width = 135, Height = 101 },
        ["odd size, h264"] = new(".mp4", $"-pix_fmt yuv444p {X264} -g 50") { Width = 135, Height = 101 },
        ["10-bit h264"] = new(".mp4", $"-pix_fmt yuv420p10le {X264} -g 50"),
        ["10-bit hevc"] = new(".mp4", "-pix_fmt yuv420p10le -c:v libx265 -preset ultrafast -x265-params keyint=50:log-level=none:pools=1 -tag:v hvc1"),
        ["interlaced h264"] = new(".mp4", "-c:v libx264 -preset ultrafast -flags +ilme+ildct -x264-params tff=1 -g 50"),
        ["interlaced mpeg-2, program stream"] = new(".mpg", "-c:v mpeg2video -b:v 2M -flags +ilme+ildct -bf 2 -g 15"),
        ["mpeg-2, transport stream"] = new(".ts", "-c:v mpeg2video -b:v 2M -bf 2 -g 15"),
        ["mpeg-ts, few key frames"] = new(".ts", $"{X264} -g 100 -bf 2"),
        ["matroska"] = new(".mkv", $"{X264} -g 50 -bf 2"),
        ["matroska, streamed"] = new(".mkv", $"{X264} -g 50 -bf 2 -f matroska") { Streamed = true },
        ["avi, streamed"] = new(".avi", "-c:v mpeg4 -q:v 3 -g 50 -f avi") { Streamed = true },
        ["avi, msmpeg4"] = new(".avi", "-c:v msmpeg4 -q:v 3 -g 50"),
        ["avi, mpeg4 with B-frames"] = new(".avi", "-c:v mpeg4 -q:v 3 -bf 2 -g 50"),
        ["avi, h264 with B-frames"] = new(".avi", "-c:v libx264 -preset veryfast -bf 2 -g 50"),
        ["wmv"] = new(".wmv", "-c:v wmv2 -b:v 2M -g 50"),
        ["flv, streamed"] = new(".flv", $"{X264} -g 50 -bf 2 -f flv") { Streamed = true },
        ["vp9"] = new(".webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 1M -g 50"),
        ["fragmented mp4"] = new(".mp4", $"{X264} -g 50 -movflags empty_moov+frag_keyframe+default_base_moof"),
        ["index first"] = new(".mp4", $"{X264} -g 50 -movflags faststart"),
        ["one frame"] = new(".mp4", X264) { FrameCount = 1 },
        ["five frames"] = new(".mp4", $"{X264} -bf 2") { FrameCount = 5 },
        ["five frames, mpeg-ts"] = new(".ts", X264) { FrameCount = 5 },
        ["as many frames as tiles"] = new(".avi", "-c:v mjpeg -q:v 3") { FrameCount = 9 },
    };

    public static TheoryData<string> Kinds => [.. _videos.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Frames_lie_within_half_an_interval_of_the_plan(string kind)
    {
        NumberedVideo video = _videos[kind];
        using var bucket = new InspectionBucket();
        await bucket.PublishAsync(InspectionBucket.DemoRelease(segmentSeconds: 5));
        await bucket.UploadAsync($"video{video.Extension}", video);

        (InspectionPlan plan, List<ShardSegment> segments) = await bucket.IngestAndCutAsync($"video{video.Extension}");

        double duration = video.Time(video.FrameCount - 1) + (1 / video.FramesPerSecond);
        Assert.InRange(plan.Video.DurationSeconds, duration - 0.1, duration + 0.1);
        Assert.Equal(plan.Segments.Count, segments.Count);
        Assert.Equal(video.Turns * 90, plan.Video.RotationDegrees);
        int index = 0;
        await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(segments, InspectionBucket.TileSize))
        {
            using (tiles)
                CheckSegment(video, segments[index].Manifest, tiles);
            index++;
        }

        Assert.Equal(segments.Count, index);
    }

    [Theory]
    [InlineData("constant rate", 1, 9)]
    [InlineData("many B-frames, one key frame", 1, 9)]
    [InlineData("alternating intervals", 1, 9)]
    [InlineData("a pause of four seconds", 1, 9)]
    [InlineData("rotated by 90", 1, 9)]
    [InlineData("starts at 3.7 s, mp4", 1, 9)]
    [InlineData("one frame a second", 1, 9)]
    [InlineData("one frame a second", 3, 8)] // the last one lies behind the last frame
    [InlineData("five frames", 0, 8)]
    public async Task One_process_cuts_the_same_bytes_as_one_for_each_frame(string kind, int segment, int count)
    {
        NumberedVideo video = _videos[kind];
        using var bucket = new InspectionBucket();
        await bucket.PublishAsync(InspectionBucket.DemoRelease(segmentSeconds: 5));
        string file = await bucket.UploadAsync($"video{video.Extension}", video);
        (InspectionPlan plan, _) = await bucket.IngestAndCutAsync($"video{video.Extension}");
        using var source = new VideoSource(new Uri(file), bucket.Options);
        var cutter = new FrameCutter(source, plan.Video, plan.TileSize);
        IReadOnlyList<double> instants = SamplingPlan.Uniform(plan.Segments[segment], 9).InstantsSeconds;

        IReadOnlyList<(byte[] Jpeg, double ActualSeconds)> together = await cutter.CutTogetherAsync(instants, CancellationToken.None);

        Assert.Equal(count, together.Count);
        foreach ((int index, (byte[] Jpeg, double ActualSeconds) cut) in together.Index())
        {
            (byte[] jpeg, double actualSeconds) = await cutter.CutAsync(instants[index], CancellationToken.None);
            Assert.Equal(actualSeconds, cut.ActualSeconds);
            Assert.Equal(jpeg, cut.Jpeg);
        }
    }

    private static void CheckSegment(NumberedVideo video, SegmentManifest manifest, SegmentTiles tiles)
    {
        Assert.Equal(9, tiles.TileCount);
        int tileLength = tiles.TileSize * tiles.TileSize * 3;
        for (int tile = 0; tile < tiles.TileCount; tile++)
        {
            int number = NumberedFrames.Read(tiles.Pixels.Span.Slice(tile * tileLength, tileLength), tiles.TileSize);
            FrameTime time = manifest.Frames[tile];

            // Containers round time stamps to a millisecond at worst.
            const double Rounding = 0.0011;
            double last = video.Time(video.FrameCount - 1);
            double wanted = Math.Min(time.PlannedSeconds, last);
            double distance = Math.Abs(video.Time(number) - wanted);
            Assert.True(
                distance <= (video.IntervalAround(number) / 2) + Rounding,
                $"tile {tile} planned at {time.PlannedSeconds:0.0000} s shows frame {number} of {video.Time(number):0.0000} s (said to be {time.ActualSeconds:0.0000} s)");
            Assert.InRange(time.ActualSeconds, video.Time(number) - (2 * Rounding), video.Time(number) + (2 * Rounding));
        }
    }
}
