using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class TrainingRunTests : IDisposable
{
    private const int Clips = 8;

    private static readonly Taxonomy Colours = new(
        "colours",
        [new DefectClass("N", "none", DefectKind.Normal), new DefectClass("R", "red", DefectKind.Structural), new DefectClass("B", "blue", DefectKind.Functional)],
        NormalIndex: 0);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_of_clips_becomes_a_release_and_again_the_same_one()
    {
        LabelledVideos videos = await WriteClipsAsync();
        long before = LiveTensors.CountSettled();

        TrainingReport report = await TrainingRun.RunAsync(Request(videos, "one"), null, CancellationToken.None);
        await TrainingRun.RunAsync(Request(videos, "two"), null, CancellationToken.None);

        Release release = JsonSerializer.Deserialize<Release>(File.ReadAllBytes(folder.File("one/tiny.json")), CloudPipeJson.Options)!;
        Assert.Empty(ReleaseValidator.Validate(release));
        Assert.Equal(["tiny/convnext_atto-fold0.safetensors", "tiny/convnext_atto-fold1.safetensors"], release.Members.Select(member => member.Weights));
        Assert.Equal(Clips, report.TrainingClips);
        Assert.Equal(Clips, report.EvaluationClips);
        Assert.Contains("broken.mp4", report.Skipped.Keys);
        Assert.Contains("| 1 R red | 4 |", report.ToMarkdown(), StringComparison.Ordinal);
        string[] files = [.. Directory.EnumerateFiles(folder.File("one"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.File("one"), file)).Where(file => !file.StartsWith("cache", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(["tiny.json", "tiny.md", "tiny.report.json", "tiny/convnext_atto-fold0.safetensors", "tiny/convnext_atto-fold1.safetensors"], files);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(folder.File($"one/{file}")), File.ReadAllBytes(folder.File($"two/{file}"))));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public async Task The_report_says_what_the_folds_started_from()
    {
        LabelledVideos videos = await WriteClipsAsync();
        using nn.Module<Tensor, Tensor> published = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 5));
        SafetensorsWriter.Write(folder.File("published.safetensors"), published.state_dict());

        TrainingReport report = await TrainingRun.RunAsync(Request(videos, "one") with { Evaluation = null, InitialWeightsFile = folder.File("published.safetensors") }, null, CancellationToken.None);

        Assert.Equal(["head.fc.weight", "head.fc.bias"], report.InitialWeights!.Drawn);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.File("published.safetensors")))), report.InitialWeights.Sha256);
    }

    [Fact]
    public async Task A_request_that_cannot_be_carried_out_says_why()
    {
        var videos = new LabelledVideos(folder.FullPath, folder.File("labels.json"));
        File.WriteAllText(folder.File("labels.json"), """{"a.mp4": [1]}""");

        await RefusedAsync(Request(videos, "x") with { ReleaseName = "No Name" }, "No Name");
        await RefusedAsync(Request(videos, "x") with { Architectures = ["convnext_ato"] }, "convnext_atto");
        await RefusedAsync(Request(videos, "x") with { Folds = 1 }, "folds");
        await RefusedAsync(Request(videos, "x") with { InitialWeightsFile = folder.File("absent.pth") }, "absent.pth");
        await RefusedAsync(Request(videos, "x") with { InitialWeightsFile = folder.File("labels.json") }, "no usable safetensors");
        await RefusedAsync(Request(videos, "x") with { InitialWeightsFile = "w", Architectures = ["convnext_atto", "convnext_femto"] }, "one architecture");
        await RefusedAsync(Request(videos with { LabelsFile = folder.File("absent.json") }, "x"), "absent.json");
        await RefusedAsync(Request(videos with { VideosFolder = folder.File("absent") }, "x"), "absent");
        await RefusedAsync(Request(videos, "x"), "a.mp4");
        File.WriteAllText(folder.File("labels.json"), """{"../a.mp4": [1]}""");
        await RefusedAsync(Request(videos, "x"), "outside of the folder");
        File.WriteAllText(folder.File("labels.json"), """{"a.mp4": [7]}""");
        await RefusedAsync(Request(videos, "x"), "the label 7");
    }

    private static async Task RefusedAsync(TrainingRequest request, string expected)
    {
        var exception = await Assert.ThrowsAsync<TrainingException>(() => TrainingRun.RunAsync(request, null, CancellationToken.None));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    private TrainingRequest Request(LabelledVideos videos, string output) => new()
    {
        Videos = videos,
        Evaluation = videos,
        ReleaseName = "tiny",
        OutputFolder = folder.File(output),
        Folds = 2,
        Grid = 2,
        TileSize = 16,
        Taxonomy = Colours,
        Threads = 2,
        Recipe = new TrainingRecipe { Epochs = 1, BatchSize = 4 },
    };

    private async Task<LabelledVideos> WriteClipsAsync()
    {
        Directory.CreateDirectory(folder.File("clips"));
        var labels = new Dictionary<string, int[]> { ["broken.mp4"] = [1] };
        File.WriteAllText(folder.File("clips/broken.mp4"), "this is no video");
        for (int i = 0; i < Clips; i++)
        {
            labels[$"{i}.mp4"] = [1 + (i % 2)];
            string[] arguments = ["-v", "error", "-f", "lavfi", "-i", $"color=c={(i % 2 == 0 ? "red" : "blue")}:s=64x64:r=10:d=1", "-c:v", "libx264", "-pix_fmt", "yuv420p", folder.File($"clips/{i}.mp4")];
            using Process ffmpeg = Process.Start("ffmpeg", arguments);
            await ffmpeg.WaitForExitAsync();
            Assert.Equal(0, ffmpeg.ExitCode);
        }

        File.WriteAllText(folder.File("labels.json"), JsonSerializer.Serialize(labels));
        return new LabelledVideos(folder.File("clips"), folder.File("labels.json"));
    }
}
