using System.Diagnostics;
using System.Text.Json;

namespace CloudPipe.PipeSim.Tests;

public sealed class VideoFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipesim-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_video_is_H264_of_the_asked_size_rate_and_length()
    {
        var path = Path.Combine(_folder, "a.mp4");
        await VideoWriter.WriteAsync(PipeVideo.FromSeed(1, new() { Width = 128, Height = 96, DurationSeconds = 4.8, FramesPerSecond = 12.5 }), path);
        using var probed = JsonDocument.Parse(await Ffprobe("-show_streams", "-count_frames", path));
        var stream = probed.RootElement.GetProperty("streams")[0];
        Assert.Equal("h264", stream.GetProperty("codec_name").GetString());
        Assert.Equal("yuv420p", stream.GetProperty("pix_fmt").GetString());
        Assert.Equal("25/2", stream.GetProperty("r_frame_rate").GetString());
        Assert.Equal("60", stream.GetProperty("nb_read_frames").GetString());
        Assert.Equal((128, 96), (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32()));
        Assert.Equal(4.8, double.Parse(stream.GetProperty("duration").GetString()!, System.Globalization.CultureInfo.InvariantCulture), 3);
    }

    [Fact]
    public async Task A_keyframe_comes_every_two_seconds()
    {
        var path = Path.Combine(_folder, "k.mp4");
        await VideoWriter.WriteAsync(PipeVideo.FromSeed(2, new() { Width = 96, Height = 96, DurationSeconds = 6, FramesPerSecond = 10 }), path);
        using var probed = JsonDocument.Parse(await Ffprobe("-skip_frame", "nokey", "-show_entries", "frame=pts_time", "-select_streams", "v", path));
        var times = probed.RootElement.GetProperty("frames").EnumerateArray()
            .Select(frame => double.Parse(frame.GetProperty("pts_time").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal([0, 2, 4], times);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_file()
    {
        var settings = new VideoSettings { Width = 96, Height = 96, DurationSeconds = 2 };
        await VideoWriter.WriteAsync(PipeVideo.FromSeed(3, settings), Path.Combine(_folder, "1.mp4"));
        await VideoWriter.WriteAsync(PipeVideo.FromSeed(3, settings), Path.Combine(_folder, "2.mp4"));
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder, "1.mp4")), await File.ReadAllBytesAsync(Path.Combine(_folder, "2.mp4")));
    }

    [Fact]
    public async Task A_dataset_tells_the_same_in_labels_and_events()
    {
        await DatasetWriter.WriteAsync(SmallDataset(), _folder, parallel: 3);
        var labels = JsonSerializer.Deserialize<Dictionary<string, int[]>>(await File.ReadAllTextAsync(Path.Combine(_folder, "labels.json")))!;
        using var events = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "events.json")));
        Assert.Equal(["00000.mp4", "00001.mp4", "00002.mp4", "00003.mp4", "00004.mp4"], labels.Keys);
        foreach (var (name, classes) in labels)
        {
            Assert.True(File.Exists(Path.Combine(_folder, name)));
            var video = events.RootElement.GetProperty(name);
            Assert.Equal(1, video.GetProperty("durationSeconds").GetDouble());
            Assert.Equal(
                classes.Where(c => c != 0),
                video.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("classIndex").GetInt32()).Distinct().Order());
        }
    }

    [Fact]
    public async Task An_interrupted_dataset_goes_on_where_it_stopped()
    {
        Assert.Equal(5, await DatasetWriter.WriteAsync(SmallDataset(), _folder, parallel: 2));
        var labels = await File.ReadAllTextAsync(Path.Combine(_folder, "labels.json"));
        var lost = await File.ReadAllBytesAsync(Path.Combine(_folder, "00003.mp4"));
        File.Delete(Path.Combine(_folder, "00003.mp4"));
        File.Delete(Path.Combine(_folder, "labels.json"));

        Assert.Equal(1, await DatasetWriter.WriteAsync(SmallDataset(), _folder, parallel: 2));
        Assert.Equal(lost, await File.ReadAllBytesAsync(Path.Combine(_folder, "00003.mp4")));
        Assert.Equal(labels, await File.ReadAllTextAsync(Path.Combine(_folder, "labels.json")));
    }

    [Fact]
    public async Task Another_dataset_is_not_mixed_into_the_folder()
    {
        await DatasetWriter.WriteAsync(SmallDataset() with { Videos = 1 }, _folder, parallel: 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => DatasetWriter.WriteAsync(SmallDataset() with { Seed = 12 }, _folder, parallel: 1));
    }

    [Theory]
    [InlineData("video", "--size", "320")]
    [InlineData("video", "--size", "321x240")]
    [InlineData("video", "--classes", "99")]
    [InlineData("video", "--classes", "0,4")]
    [InlineData("video", "--fps", "0")]
    [InlineData("video", "--seconds", "-1")]
    public void A_command_that_makes_no_sense_ends_with_1_and_no_file(string command, string option, string value)
    {
        var path = Path.Combine(_folder, "none.mp4");
        var exitCode = typeof(PipeVideo).Assembly.EntryPoint!.Invoke(null, [new[] { command, "--out", path, option, value }]);
        Assert.Equal(1, exitCode);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static DatasetRequest SmallDataset() =>
        new(11, 5, new() { Width = 64, Height = 48, DurationSeconds = 1, FramesPerSecond = 5 });

    private static async Task<string> Ffprobe(params string[] arguments)
    {
        var start = new ProcessStartInfo("ffprobe") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["-v", "error", "-of", "json", .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
