using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Local.Commands;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Local.Tests.Commands;

public sealed class ResultsCommandTests : IDisposable
{
    private readonly TemporaryFolder _bucket = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _bucket.Dispose();

    [Theory]
    [InlineData(0.0, true, "Familiarity 0.00: this footage is unlike what the release was trained on", "unlike the training data; CK joint offset 0.75")]
    [InlineData(0.4, false, "Familiarity 0.40\n", "CK joint offset 0.75")]
    public async Task Results_and_status_say_how_familiar_the_footage_is(double familiarity, bool unfamiliar, string result, string status)
    {
        await WriteAsync(familiarity, unfamiliar);

        Assert.Contains(result, (await RunAsync("results", "film-00")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        string listed = await RunAsync("status");
        Assert.Contains(status, listed, StringComparison.Ordinal);
        Assert.Equal(unfamiliar, listed.Contains("unlike", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_result_that_does_not_tell_says_nothing_of_it()
    {
        await WriteAsync(null, null);

        Assert.DoesNotContain("amiliar", await RunAsync("results", "film-00"), StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(await RunAsync("results", "--json"));
        Assert.False(json.RootElement[0].TryGetProperty("familiarity", out _));
    }

    private async Task WriteAsync(double? familiarity, bool? unfamiliar)
    {
        var store = new FolderBlobStore(_bucket.FullPath);
        await store.CreateContainersAsync(BlobContainers.All);
        LabelScore[] labels = [new LabelScore(1, "CK", "joint offset", 0.75)];
        var result = new InspectionResult("film-00", "film.mp4", "1", InspectionStatus.Completed, DateTimeOffset.UnixEpoch, null, "demo", null, labels, labels, [], null, 5)
        {
            Familiarity = familiarity,
            Unfamiliar = unfamiliar,
        };
        await store.WriteJsonAsync(InspectionResult.PathOf("film-00"), result);
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Success, await CommandLineApplication.RunAsync([.. arguments, "--bucket", _bucket.FullPath], new CommandOutput(_output, new StringWriter(), isInteractive: false)));
        return _output.ToString();
    }
}
