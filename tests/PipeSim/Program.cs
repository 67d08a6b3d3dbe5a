using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CloudPipe.PipeSim;

var seed = new Option<ulong>("--seed") { Description = "All choices follow from it", DefaultValueFactory = _ => 1 };
var size = new Option<string>("--size") { Description = "Width x height in pixels", DefaultValueFactory = _ => "320x240" };
var seconds = new Option<double>("--seconds") { Description = "Length of a video", DefaultValueFactory = _ => 10 };
var framesPerSecond = new Option<double>("--fps") { Description = "Frames per second", DefaultValueFactory = _ => 12.5 };
var outFile = new Option<FileInfo>("--out") { Description = "The file to write", Required = true };
var outFolder = new Option<DirectoryInfo>("--out") { Description = "The folder to write", Required = true };
var videos = new Option<int>("--videos") { Description = "How many videos", Required = true };
var parallel = new Option<int>("--parallel") { Description = "Videos rendered at a time", DefaultValueFactory = _ => Environment.ProcessorCount };
var classes = new Option<string?>("--classes") { Description = "Class indices, as 5,7; drawn as in QV-Pipe if left out" };
var columns = new Option<int>("--columns") { Description = "Moments per class", DefaultValueFactory = _ => 5 };

var dataset = new Command("dataset", "Write videos with labels.json (QV-Pipe's format) and events.json; goes on where it was stopped")
{
    outFolder, videos, seed, size, seconds, framesPerSecond, parallel,
};
dataset.SetAction((parse, cancellation) => Guard(async () =>
{
    var request = new DatasetRequest(parse.GetValue(seed), parse.GetValue(videos), Settings(parse));
    if (request.Videos < 1) throw new ArgumentException($"--videos {request.Videos}: at least one is needed.");
    var clock = Stopwatch.StartNew();
    var step = Math.Max(1, request.Videos / 50);
    var progress = new ProgressLine(finished =>
    {
        if (finished % step == 0 || finished == request.Videos) Console.Error.WriteLine($"{finished}/{request.Videos} videos, {clock.Elapsed.TotalSeconds:f0} s");
    });
    var rendered = await DatasetWriter.WriteAsync(request, parse.GetValue(outFolder)!.FullName, Math.Max(1, parse.GetValue(parallel)), progress, cancellation);
    Console.WriteLine($"{request.Videos} videos ({rendered} rendered now) in {parse.GetValue(outFolder)!.FullName}");
}));

var video = new Command("video", "Write one video and print its labels and events") { outFile, classes, seed, size, seconds, framesPerSecond };
video.SetAction((parse, cancellation) => Guard(async () =>
{
    var chosen = parse.GetValue(classes);
    var one = chosen is null
        ? PipeVideo.FromSeed(parse.GetValue(seed), Settings(parse))
        : PipeVideo.WithClasses(parse.GetValue(seed), ClassIndices(chosen), Settings(parse));
    await VideoWriter.WriteAsync(one, parse.GetValue(outFile)!.FullName, cancellationToken: cancellation);
    var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
    Console.WriteLine(JsonSerializer.Serialize(new { one.Labels, Video = VideoEvents.Of(one) }, options));
}));

var sheet = new Command("sheet", "Write a contact sheet: a row per class, moments of its event from left to right") { outFile, classes, seed, size, columns };
sheet.SetAction((parse, cancellation) => Guard(async () =>
{
    var (width, height) = Size(parse);
    var rows = parse.GetValue(classes) is { } chosen ? ClassIndices(chosen) : [.. DefectClass.All.Select(c => c.Index)];
    var picture = ContactSheet.Render(parse.GetValue(seed), rows, Math.Clamp(parse.GetValue(columns), 1, 20), width, height);
    await VideoWriter.WritePictureAsync(picture.Rgb, picture.Width, picture.Height, parse.GetValue(outFile)!.FullName, cancellation);
    foreach (var row in rows) Console.WriteLine($"{DefectClass.All[row].Index,2} {DefectClass.All[row].Code} {DefectClass.All[row].Name}");
}));

var speed = new Command("speed", "Measure frames per second on one core, at 320x240 and 96x96") { seed };
speed.SetAction(parse =>
{
    foreach (var (width, height, frames) in ((int, int, int)[])[(320, 240, 10), (96, 96, 60)])
    {
        // Labels as they occur, so that the mix of defects is the dataset's.
        var rgb = new byte[width * height * 3];
        var sample = Enumerable.Range(0, 40).Select(index => new DatasetRequest(parse.GetValue(seed), 40, new()).Video(index)).ToArray();
        foreach (var warm in sample) warm.RenderFrame(1, rgb, width, height);
        // The processor's time, not the clock's: other work on the machine does not count.
        var before = Environment.CpuUsage.UserTime;
        foreach (var each in sample)
        {
            for (var i = 0; i < frames; i++) each.RenderFrame(each.Duration * (i + 0.5) / frames, rgb, width, height);
        }

        Console.WriteLine($"{width}x{height}: {sample.Length * frames / (Environment.CpuUsage.UserTime - before).TotalSeconds:f0} frames/s");
    }
});

return await new RootCommand("Renders synthetic sewer-inspection video.") { dataset, video, sheet, speed }.Parse(args).InvokeAsync();

VideoSettings Settings(ParseResult parse)
{
    var (width, height) = Size(parse);
    var settings = new VideoSettings
    {
        Width = width,
        Height = height,
        DurationSeconds = parse.GetValue(seconds),
        FramesPerSecond = parse.GetValue(framesPerSecond),
    };
    return settings.Problem() is { } problem ? throw new ArgumentException(problem) : settings;
}

(int Width, int Height) Size(ParseResult parse)
{
    var text = parse.GetValue(size)!;
    var parts = text.Split('x');
    return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var width) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var height)
        ? (width, height)
        : throw new ArgumentException($"--size {text}: write it as 320x240.");
}

static int[] ClassIndices(string text)
{
    var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    return [.. parts.Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < DefectClass.All.Count
        ? index
        : throw new ArgumentException($"--classes {text}: '{part}' is no class; they are 0..{DefectClass.All.Count - 1}."))];
}

static async Task<int> Guard(Func<Task> action)
{
    try
    {
        await action();
        return 0;
    }
    catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
    {
        Console.Error.WriteLine($"pipesim: {e.Message}");
        return 1;
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine("pipesim: stopped; the same command goes on from here.");
        return 130;
    }
}
