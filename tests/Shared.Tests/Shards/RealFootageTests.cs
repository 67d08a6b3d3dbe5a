using System.Diagnostics;
using System.Globalization;
using CloudPipe.Inspections;
using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Videos;

namespace CloudPipe.Shared.Tests.Shards;

/// <summary>Recordings that nobody here made, when Debian's opencv-doc and forensics-samples-files are installed.</summary>
public sealed class RealFootageTests
{
    [Theory]
    [InlineData("/usr/share/doc/opencv-doc/examples/data/vtest.avi", 79.5, 768, 576)]
    [InlineData("/usr/share/doc/opencv-doc/examples/data/Megamind.avi", 11.26, 720, 528)]
    [InlineData("/usr/share/doc/opencv-doc/examples/data/tree.avi", 29.6, 320, 240)]
    [InlineData("/usr/share/forensics-samples/original-files/movie1/VID_20191220_170832.mp4", 1.51, 1920, 1080)]
    public async Task Recordings_are_cut_at_their_instants(string file, double seconds, int width, int height)
    {
        if (!File.Exists(file))
            return;

        using var bucket = new InspectionBucket();
        await bucket.PublishAsync(InspectionBucket.DemoRelease());
        string name = Path.GetFileName(file);
        await bucket.UploadFileAsync(name, file);

        (InspectionPlan plan, List<ShardSegment> segments) = await bucket.IngestAndCutAsync(name);

        Assert.InRange(plan.Video.DurationSeconds, seconds - 0.1, seconds + 0.1);
        Assert.Equal((width, height), (plan.Video.Width, plan.Video.Height));
        List<double> times = await ReadFrameTimesAsync(file);
        Assert.All(segments.SelectMany(segment => segment.Manifest.Frames), frame =>
        {
            double nearest = times.Min(time => Math.Abs(time - frame.PlannedSeconds));
            Assert.InRange(Math.Abs(frame.ActualSeconds - frame.PlannedSeconds), 0, nearest + 0.002);
        });
        await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(segments, 32))
        {
            using (tiles)
                Assert.True(tiles.Pixels.ToArray().Distinct().Count() > 50, "a picture has more than 50 shades");
        }
    }

    /// <summary>The time stamps of all frames after ffprobe, from the first one on.</summary>
    private static async Task<List<double>> ReadFrameTimesAsync(string file)
    {
        string arguments = $"-v error -select_streams v:0 -show_entries frame=best_effort_timestamp_time -of csv=p=0 \"{file}\"";
        using Process process = Process.Start(new ProcessStartInfo("ffprobe", arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        List<double> times = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("N/A", StringComparison.Ordinal)).Select(line => double.Parse(line.TrimEnd(','), CultureInfo.InvariantCulture))];
        return [.. times.Select(time => time - times[0])];
    }
}
