using System.Diagnostics;
using System.Text.Json;
using CloudPipe.Local.Commands;
using CloudPipe.Tests.Support;

namespace CloudPipe.Local.Tests.Commands;

public sealed class DatasetCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_table_of_images_becomes_a_data_set_with_a_report()
    {
        await WriteImagesAsync(4, "file,labels\n0.png,CJ\n1.png,2;roots\n2.png,\n3.png,1\n4.png,1\n");

        Assert.Equal(ExitCode.Success, await RunAsync("import", "--format", "csv", "--videos", _folder.File("images"), "--name", "street", "--tile", "32", "--grid", "2"));
        Assert.Contains("4 samples in 1 shards", _output.ToString());
        Assert.Contains("left out: 4.png", _output.ToString());
        Assert.Contains("cutting 100 %", _error.ToString());

        Assert.Equal(ExitCode.Success, await RunAsync("report", "street", "--folds", "2"));
        Assert.Contains("1 CJ deposit", _output.ToString());
        Assert.Contains(_folder.File("bucket/datasets/street/report.html"), _output.ToString());
        Assert.Contains("Fold 1", await File.ReadAllTextAsync(_folder.File("bucket/datasets/street/report.html")));

        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Success, await RunAsync("report", "street", "--json"));
        using JsonDocument report = JsonDocument.Parse(_output.ToString());
        Assert.Equal(2, report.RootElement.GetProperty("classes")[1].GetProperty("samples").GetInt32());
        Assert.Equal(4, report.RootElement.GetProperty("images").GetInt32());
    }

    [Fact]
    public async Task Faulty_labels_are_listed_and_nothing_is_imported()
    {
        await WriteImagesAsync(1, "file,labels\n0.png,XX\n../1.png,1\n");

        Assert.Equal(ExitCode.Failure, await RunAsync("import", "--format", "csv", "--videos", _folder.File("images"), "--name", "street"));

        Assert.Contains("2 faults", _error.ToString());
        Assert.Contains("Line 2", _error.ToString());
        Assert.False(Directory.Exists(_folder.File("bucket/datasets/street")));
    }

    [Theory]
    [InlineData(ExitCode.Usage, "import", "--format", "coco", "--videos", "x", "--name", "y")]
    [InlineData(ExitCode.Usage, "import", "--format", "csv", "--videos", "x", "--name", "y", "--sampling", "some")]
    [InlineData(ExitCode.Usage, "import", "--format", "csv", "--videos", "x")]
    [InlineData(ExitCode.Failure, "import", "--format", "csv", "--videos", "/nowhere", "--name", "y")]
    [InlineData(ExitCode.Failure, "import", "--format", "csv", "--videos", "/nowhere", "--taxonomy", "/nowhere.json", "--name", "y")]
    [InlineData(ExitCode.NotFound, "report", "nosuch")]
    public async Task What_cannot_be_done_says_so_in_the_exit_code(int expected, params string[] arguments)
    {
        Directory.CreateDirectory(_folder.File("bucket/inspections"));
        Assert.Equal(expected, await RunAsync(arguments));
    }

    private async Task WriteImagesAsync(int count, string labels)
    {
        Directory.CreateDirectory(_folder.File("images"));
        for (int image = 0; image < count; image++)
        {
            using Process ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "color=c=red:s=64x64", "-frames:v", "1", "-update", "1", _folder.File($"images/{image}.png")]);
            await ffmpeg.WaitForExitAsync();
        }

        await File.WriteAllTextAsync(_folder.File("images/labels.csv"), labels);
    }

    private Task<int> RunAsync(params string[] arguments) => CommandLineApplication.RunAsync(
        ["dataset", .. arguments, "--bucket", _folder.File("bucket")], new CommandOutput(_output, _error, isInteractive: false));
}
