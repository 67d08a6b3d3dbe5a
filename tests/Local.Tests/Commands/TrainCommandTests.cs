using System.Diagnostics;
using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Local.Commands;
using CloudPipe.Messages;
using CloudPipe.Tests.Support;
using TorchSharp;

namespace CloudPipe.Local.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private const int Clips = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_of_clips_becomes_a_release_and_again_the_same_one()
    {
        await WriteClipsAsync();

        Assert.Equal(ExitCode.Success, await TrainAsync("one", "--evaluate", _folder.File("clips"), "--out", _folder.File("out"), "--float16"));

        Release release = JsonSerializer.Deserialize<Release>(await File.ReadAllBytesAsync(_folder.File("out/tiny.json")), CloudPipeJson.Options)!;
        Assert.Empty(ReleaseValidator.Validate(release));
        Assert.Equal((2, 2), (release.Members.Count, release.Grid));
        Assert.All(release.Members, member => Assert.Equal(16, member.TileSize));
        Assert.Contains("| 1 CJ deposit | 4 |", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("| **mean** | 8 |", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("convnext_atto fold 1: trained, mAP", _error.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("out/tiny.report.html")));

        // The weights' names carry their content.
        Assert.Equal(ExitCode.Success, await TrainAsync("two", "--evaluate", _folder.File("clips"), "--out", _folder.File("again"), "--float16"));
        Assert.Equal(await File.ReadAllBytesAsync(_folder.File("out/tiny.json")), await File.ReadAllBytesAsync(_folder.File("again/tiny.json")));
    }

    [Fact]
    public async Task What_is_done_is_not_done_again_and_a_release_does_not_change()
    {
        await WriteClipsAsync();
        Assert.Equal(ExitCode.Success, await TrainAsync("bucket"));
        string[] files = Files();

        Assert.Equal(ExitCode.Success, await TrainAsync("bucket", "--json"));

        Assert.Equal(files, Files());
        Assert.Contains("\"recommended\"", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, await TrainAsync("bucket", "--seed", "2"));
        Assert.Contains("'tiny', which exists already", _error.ToString(), StringComparison.Ordinal);

        string[] Files() => [.. Directory.EnumerateFiles(_folder.File("bucket/runs"), "*", SearchOption.AllDirectories).Select(file => $"{file} {File.GetLastWriteTimeUtc(file).Ticks}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Folds_that_were_given_up_are_tried_again()
    {
        await WriteClipsAsync();
        Assert.Equal(ExitCode.Success, await RunAsync("dataset", "import", "--format", "qv-pipe", "--videos", _folder.File("clips"), "--name", "colours", "--grid", "2", "--tile", "16", "--bucket", _folder.File("bucket")));
        string shard = _folder.File("bucket/datasets/colours/00000.tar");
        File.Move(shard, _folder.File("shard"));

        Assert.Equal(ExitCode.Failure, await TrainOnAsync("colours"));
        Assert.Contains("2 of 2 folds could not be trained", _error.ToString(), StringComparison.Ordinal);

        File.Move(_folder.File("shard"), shard);
        Assert.Equal(ExitCode.Success, await TrainOnAsync("colours"));
    }

    [Fact]
    public async Task Every_fold_may_start_from_published_weights()
    {
        await WriteClipsAsync();
        using (var published = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 5)))
        {
            SafetensorsWriter.Write(_folder.File("published.safetensors"), published.state_dict());
        }

        Assert.Equal(ExitCode.Success, await TrainAsync("bucket", "--weights", _folder.File("published.safetensors")));
        Assert.Single(Directory.EnumerateFiles(_folder.File("bucket/training/weights")));

        Assert.Equal(ExitCode.Failure, await TrainAsync("other", "--weights", _folder.File("clips/labels.json")));
        Assert.Contains("no usable safetensors", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, await TrainAsync("other", "--weights", _folder.File("absent.pth")));
        Assert.Contains("absent.pth", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("other/datasets")));
    }

    [Theory]
    [InlineData(ExitCode.Usage, "either --videos")]
    [InlineData(ExitCode.Usage, "either --videos", "--videos", "x", "--dataset", "y")]
    [InlineData(ExitCode.Usage, "leave --grid out", "--dataset", "y", "--grid", "3")]
    [InlineData(ExitCode.Usage, "convnext_atto", "--videos", "x", "--architecture", "convnext_ato")]
    [InlineData(ExitCode.Usage, "One weights file", "--videos", "x", "--weights", "w", "--architecture", "convnext_atto", "--architecture", "resnet18")]
    [InlineData(ExitCode.Usage, "absent.json", "--videos", "x", "--recipe", "absent.json")]
    [InlineData(ExitCode.Failure, "absent/labels.json", "--videos", "absent")]
    [InlineData(ExitCode.Failure, "no data set 'nosuch'", "--dataset", "nosuch")]
    [InlineData(ExitCode.Failure, "epochs is 0", "--dataset", "nosuch", "--epochs", "0")]
    public async Task What_cannot_be_done_says_why(int expected, string reason, params string[] arguments)
    {
        Assert.Equal(expected, await RunAsync(["train", "--name", "tiny", .. arguments, "--bucket", _folder.File("bucket")]));

        Assert.Contains(reason, _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> TrainAsync(string bucket, params string[] more) => RunAsync(
        ["train", "--name", "tiny", "--videos", _folder.File("clips"), "--grid", "2", "--tile", "16", .. Small, "--bucket", _folder.File(bucket), .. more]);

    private Task<int> TrainOnAsync(string dataset) => RunAsync(["train", "--name", "tiny", "--dataset", dataset, .. Small, "--bucket", _folder.File("bucket")]);

    // Decoded tiles of earlier runs are not to be found.
    private string[] Small => ["--folds", "2", "--epochs", "1", "--batch", "4", "--set", $"Training:CacheFolder={_folder.File("cache")}"];

    private Task<int> RunAsync(params string[] arguments) => CommandLineApplication.RunAsync(arguments, new CommandOutput(_output, _error, isInteractive: false));

    private async Task WriteClipsAsync()
    {
        Directory.CreateDirectory(_folder.File("clips"));
        var labels = new Dictionary<string, int[]> { ["broken.mp4"] = [1] };
        await File.WriteAllTextAsync(_folder.File("clips/broken.mp4"), "this is no video");
        for (int clip = 0; clip < Clips; clip++)
        {
            labels[$"{clip}.mp4"] = [1 + (clip % 2)];
            string[] arguments = ["-v", "error", "-f", "lavfi", "-i", $"color=c={(clip % 2 == 0 ? "red" : "blue")}:s=64x64:r=10:d=1", "-c:v", "libx264", "-pix_fmt", "yuv420p", _folder.File($"clips/{clip}.mp4")];
            using Process ffmpeg = Process.Start("ffmpeg", arguments);
            await ffmpeg.WaitForExitAsync();
            Assert.Equal(0, ffmpeg.ExitCode);
        }

        await File.WriteAllTextAsync(_folder.File("clips/labels.json"), JsonSerializer.Serialize(labels));
    }
}
