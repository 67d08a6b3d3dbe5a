using System.Diagnostics;
using System.Globalization;
using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Shards;
using CloudPipe.Storage;

namespace CloudPipe.Benchmarks.Cutting;

/// <summary>
/// Cutting nine tiles from a 60 s segment of 1280×720 H.264 with a key frame every 2 s, against OpenCV decoding and
/// writing every frame; in turns, on the same file. Then the memory of probing and cutting a 2 GB upload.
/// </summary>
public static class CutBenchmark
{
    private const double WantedRatio = 5;
    private const double AllowedMegabytes = 300;
    private const int Rounds = 5;

    /// <summary>Runs it: <c>--skip-large</c> leaves the 2 GB upload out.</summary>
    /// <returns>0 when both figures hold, else 1.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cloudpipe-cut-");
        try
        {
            var store = new FolderBlobStore(Path.Combine(folder.FullName, "bucket"));
            await store.CreateContainersAsync(BlobContainers.All);
            string clip = Path.Combine(folder.FullName, "bucket", BlobContainers.Inspections, "clip.mp4");
            Run("ffmpeg", $"-v error -f lavfi -i testsrc2=s=1280x720:r=30:d=60,noise=alls=8:allf=t -c:v libx264 -preset veryfast -g 60 -keyint_min 60 -sc_threshold 0 -pix_fmt yuv420p {clip}");

            bool fast = await CompareAsync(store, clip, folder);
            bool small = args.Contains("--skip-large") || await MeasureMemoryAsync(store, clip);
            return fast && small ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> CompareAsync(FolderBlobStore store, string clip, DirectoryInfo folder)
    {
        var ratios = new List<double>();
        string script = FindScript();
        for (int round = 0; round < Rounds; round++)
        {
            DirectoryInfo frames = folder.CreateSubdirectory($"frames-{round}");
            double opencv = double.Parse(Run("/usr/bin/python3", $"{script} {clip} {frames.FullName}").Split(' ')[1], CultureInfo.InvariantCulture);
            frames.Delete(recursive: true);

            var watch = Stopwatch.StartNew();
            await IngestAndCutAsync(store, "clip.mp4", segments: 1);
            double cloudPipe = watch.Elapsed.TotalSeconds;
            ratios.Add(opencv / cloudPipe);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: OpenCV {opencv:0.00} s, probe and cut {cloudPipe:0.00} s, ratio {ratios[^1]:0.0}"));
        }

        double median = ratios.Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cutting: {median:0.0} times faster than OpenCV (median of {Rounds}; at least {WantedRatio} wanted)"));
        return median >= WantedRatio;
    }

    /// <summary>A 2 GB upload: the clip repeated, and beside it this process and all its ffmpegs watched.</summary>
    private static async Task<bool> MeasureMemoryAsync(FolderBlobStore store, string clip)
    {
        const long Wanted = 2L << 30;
        long repeats = (Wanted / new FileInfo(clip).Length) + 1;
        string large = Path.Combine(Path.GetDirectoryName(clip)!, "large.mp4");
        Run("ffmpeg", $"-v error -stream_loop {repeats - 1} -i {clip} -c copy {large}");
        using var watching = new CancellationTokenSource();
        Task<long> watcher = Task.Run(() => WatchAsync(watching.Token));
        var watch = Stopwatch.StartNew();
        await IngestAndCutAsync(store, "large.mp4", segments: 8);
        double seconds = watch.Elapsed.TotalSeconds;
        await watching.CancelAsync();
        double megabytes = await watcher / 1e6;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory: {megabytes:0} MB at most, this process and its ffmpegs, for probing {new FileInfo(large).Length / 1e9:0.00} GB and cutting 8 segments in {seconds:0.0} s (under {AllowedMegabytes} MB wanted)"));
        return megabytes < AllowedMegabytes;
    }

    private static async Task IngestAndCutAsync(FolderBlobStore store, string name, int segments)
    {
        var options = new InspectionOptions();
        UploadHead upload = (await UploadHead.ReadAsync(store, new BlobPath(BlobContainers.Inspections, name)))!;
        VideoInfo video = await new VideoProbe(store, options).ProbeAsync(upload);
        var release = new Release("benchmark", new Taxonomy("none", [], null), 3, 60, [0, 0, 0], [1, 1, 1], [new Member("none", 0, "none", 448, 1)], new PostProcessing());
        InspectionPlan plan = new InspectionPlanner(options).Plan(upload.Properties, video, release, Sidecar.None, DateTimeOffset.UnixEpoch);
        var cutter = new ShardCutter(store, options);
        foreach (Shard shard in plan.Shards.Take(Math.Max(1, segments / options.SegmentsPerShard)))
        {
            using var tar = new MemoryStream();
            await ShardWriter.WriteAsync(tar, await cutter.CutAsync(plan, shard.Index));
        }
    }

    /// <summary>The largest sum of memory of this process and its children, sampled; pages that several hold are divided among them.</summary>
    private static async Task<long> WatchAsync(CancellationToken cancellationToken)
    {
        long most = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            long sum = ProportionalBytes(Environment.ProcessId);
            foreach (string task in Directory.GetDirectories($"/proc/{Environment.ProcessId}/task"))
            {
                string children = ReadOrEmpty(Path.Combine(task, "children"));
                sum += children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(child => ProportionalBytes(int.Parse(child, CultureInfo.InvariantCulture)));
            }

            most = Math.Max(most, sum);
            await Task.Delay(20, CancellationToken.None);
        }

        return most;
    }

    private static long ProportionalBytes(int processId)
    {
        // 'Pss: 12345 kB'
        string? line = ReadOrEmpty($"/proc/{processId}/smaps_rollup").Split('\n').FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[4..^2], CultureInfo.InvariantCulture) * 1024;
    }

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process has ended meanwhile.
            return string.Empty;
        }
    }

    private static string FindScript()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string script = Path.Combine(folder.FullName, "tests", "Benchmarks", "Cutting", "opencv_frames.py");
            if (File.Exists(script))
                return script;
        }

        throw new FileNotFoundException("opencv_frames.py is not where the repository has it: run the benchmark from a checkout.");
    }

    private static string Run(string program, string arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} {arguments} ended with {process.ExitCode}.");
    }
}
