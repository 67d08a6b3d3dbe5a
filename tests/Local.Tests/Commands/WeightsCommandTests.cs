using System.Text.Json;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Local.Commands;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Local.Tests.Commands;

public sealed class WeightsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string WeightsPath => _folder.File("w.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspecting_shows_what_is_in_a_file_and_which_network_it_fits()
    {
        WriteAtto();

        Assert.Equal(ExitCode.Success, await RunAsync("inspect", WeightsPath));
        Assert.Contains("convnext_atto, 5 classes, names of timm", _output.ToString());
        Assert.Contains("[40, 3, 4, 4]", _output.ToString());

        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Success, await RunAsync("inspect", WeightsPath, "--json"));
        using JsonDocument json = JsonDocument.Parse(_output.ToString());
        Assert.Equal("safetensors", json.RootElement.GetProperty("format").GetString());
        Assert.Equal("mill", json.RootElement.GetProperty("metadata").GetProperty("from").GetString());
        JsonElement match = Assert.Single(json.RootElement.GetProperty("fits").EnumerateArray());
        Assert.Equal("convnext_atto", match.GetProperty("architecture").GetString());
    }

    [Fact]
    public async Task Verifying_tells_by_its_exit_code()
    {
        WriteAtto();

        Assert.Equal(ExitCode.Success, await RunAsync("verify", WeightsPath, "--architecture", "convnext_atto"));
        Assert.Equal(ExitCode.Success, await RunAsync("verify", WeightsPath, "--architecture", "convnext_atto", "--classes", "5"));
        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Failure, await RunAsync("verify", WeightsPath, "--architecture", "convnext_atto", "--classes", "17"));
        Assert.Contains("126 loaded, 2 other shape", _output.ToString());
        Assert.Equal(ExitCode.Failure, await RunAsync("verify", WeightsPath, "--architecture", "convnext_femto"));
    }

    [Fact]
    public async Task Converting_stores_another_type()
    {
        WriteAtto();

        Assert.Equal(ExitCode.Success, await RunAsync("convert", WeightsPath, _folder.File("half.safetensors"), "--float16", "--architecture", "convnext_atto"));

        using WeightsFile file = WeightsFile.Open(_folder.File("half.safetensors"));
        Assert.All(file.Entries, entry => Assert.Equal(ScalarType.Float16, entry.Type));
        Assert.Equal(ExitCode.Success, await RunAsync("verify", _folder.File("half.safetensors"), "--architecture", "convnext_atto", "--classes", "5"));
    }

    [Fact]
    public async Task Numbers_beyond_float16_are_not_made_infinite()
    {
        using (Tensor large = full([2], 1e6))
        {
            SafetensorsWriter.Write(WeightsPath, new Dictionary<string, Tensor> { ["variance"] = large });
        }

        Assert.Equal(ExitCode.Failure, await RunAsync("convert", WeightsPath, _folder.File("half.safetensors"), "--float16"));
        Assert.Contains("bfloat16", _error.ToString());
        Assert.False(File.Exists(_folder.File("half.safetensors")));
        Assert.Equal(ExitCode.Success, await RunAsync("convert", WeightsPath, _folder.File("half.safetensors"), "--bfloat16"));
    }

    [Theory]
    [InlineData(ExitCode.NotFound, "inspect", "/nowhere/w.pth")]
    [InlineData(ExitCode.Failure, "inspect", "/bin/sh")]
    [InlineData(ExitCode.Usage, "verify", "/bin/sh")]
    [InlineData(ExitCode.Usage, "verify", "/bin/sh", "--architecture", "convnext_atto", "--classes", "0")]
    [InlineData(ExitCode.Usage, "convert", "/bin/sh", "out", "--float16", "--bfloat16")]
    [InlineData(ExitCode.NotFound, "convert", "/bin/sh", "/nowhere/out")]
    public async Task What_cannot_be_done_says_so_by_its_exit_code(int expected, params string[] arguments) => Assert.Equal(expected, await RunAsync(arguments));

    [Fact]
    public async Task An_unknown_architecture_is_a_usage_error_with_the_nearest_one()
    {
        WriteAtto();

        Assert.Equal(ExitCode.Usage, await RunAsync("verify", WeightsPath, "--architecture", "convnext_ato"));
        Assert.Contains("convnext_atto", _error.ToString());
    }

    private void WriteAtto()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 5));
        SafetensorsWriter.Write(WeightsPath, network.state_dict(), new Dictionary<string, string> { ["from"] = "mill" });
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLineApplication.RunAsync(["weights", .. arguments], new CommandOutput(_output, _error, isInteractive: false));
}
