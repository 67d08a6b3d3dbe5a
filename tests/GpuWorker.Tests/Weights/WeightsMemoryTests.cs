using System.Diagnostics;
using System.Globalization;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Weights;

/// <summary>What a process needs at most to load a file of 2 GB.</summary>
[Collection(TorchCollection.Name)]
public sealed class WeightsMemoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [Trait("Category", "Long")]
    public async Task Loading_two_gigabytes_needs_little_more_than_the_network(ScalarType type)
    {
        string path = folder.File("large.safetensors");
        SafetensorsWriter.Write(
            path,
            Enumerable.Range(0, LargeNetwork.LayerCount).Select(i => new WeightsSource($"{i}.weight", type, LargeNetwork.Shape, () => full(LargeNetwork.Shape, i + 0.5, dtype: type))),
            metadata: null,
            floatType: null);

        long peak = await PeakOfLoadingAsync(path);

        // The network is float32, whatever the file is.
        double ratio = peak / (double)LargeNetwork.ByteCount;
        Assert.True(ratio < 1.2, FormattableString.Invariant($"A network of {LargeNetwork.ByteCount >> 20} MiB took {peak >> 20} MiB at its peak, {ratio:F2} times its size."));
    }

    private static async Task<long> PeakOfLoadingAsync(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(WeightsMemoryTests).Assembly.Location, path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return long.Parse(output, CultureInfo.InvariantCulture);
    }
}
