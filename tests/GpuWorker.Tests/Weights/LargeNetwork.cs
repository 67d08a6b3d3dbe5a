using System.Globalization;
using CloudPipe.GpuWorker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Weights;

/// <summary>Four linear layers of half a gigabyte each, loaded in a process of its own.</summary>
internal static class LargeNetwork
{
    public const int LayerCount = 4;

    private const int Width = 11_586; // 11586² floats are 512 MiB

    public static long[] Shape { get; } = [Width, Width];

    public static long ByteCount => LayerCount * 4L * Width * Width;

    /// <summary>Loads a file and writes the process's highest resident memory, in bytes.</summary>
    public static int Load(string path)
    {
        using var network = nn.Sequential(Enumerable.Range(0, LayerCount).Select(i => ($"{i}", (nn.Module<Tensor, Tensor>)nn.Linear(Width, Width, hasBias: false))));
        WeightsLoader.Load(network, path);
        bool isLoaded = network.state_dict().Values.Select((weight, i) => weight[0, 0].item<float>() == i + 0.5f && weight[-1, -1].item<float>() == i + 0.5f).All(same => same);
        string peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        Console.Write(1024 * long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
        return isLoaded ? 0 : 1;
    }
}
