using System.Diagnostics;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Training.Checkpoints;

[Collection(TorchCollection.Name)]
public sealed class KilledFoldTests : IDisposable
{
    private const int Kills = 5;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_fold_that_was_killed_five_times_ends_with_the_same_weights()
    {
        string whole = Directory.CreateDirectory(folder.File("whole")).FullName;
        string killed = Directory.CreateDirectory(folder.File("killed")).FullName;
        FoldResult expected = KilledFold.Train(whole);
        var random = new Random(2);
        int resumed = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process victim = Start(killed);

            // Somewhere from before its first batch to some batches on: in a step, in a measurement, while a checkpoint is written.
            for (int lines = random.Next(0, 7); lines > 0; lines--)
            {
                string? line = await victim.StandardOutput.ReadLineAsync();
                resumed += line?.Contains("goes on at", StringComparison.Ordinal) == true ? 1 : 0;
            }

            await Task.Delay(random.Next(0, 300));
            victim.Kill();
            await victim.WaitForExitAsync();
        }

        using Process last = Start(killed);
        string output = await last.StandardOutput.ReadToEndAsync();
        await last.WaitForExitAsync();

        Assert.Equal(0, last.ExitCode);
        Assert.Contains($"done {string.Join(' ', expected.Epochs)} {expected.KeptEpoch}", output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(KilledFold.WeightsFile(whole)), File.ReadAllBytes(KilledFold.WeightsFile(killed)));
        Assert.Single(Directory.EnumerateFiles(KilledFold.CheckpointsOf(killed)));
        Assert.True(resumed > 0 || output.Contains("goes on at", StringComparison.Ordinal), "No process went on where another was killed.");
    }

    private static Process Start(string folder) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { typeof(KilledFold).Assembly.Location, KilledFold.Verb, folder },
        RedirectStandardOutput = true,
    })!;
}
