using System.Diagnostics;
using CloudPipe.GpuWorker.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring.Profiling;

/// <summary>Measures what networks cost on this machine, on drawn weights and pixels: neither changes the time.</summary>
public sealed class MemberProfiler
{
    private readonly Device _device;
    private readonly ScalarType _precision;
    private readonly int _passes;

    /// <summary>Measures the machine's ceiling first.</summary>
    /// <param name="options">Where and in which numbers to run.</param>
    /// <param name="passes">How many measured passes each network makes, after one that warms it up.</param>
    public MemberProfiler(ScoringOptions options, int passes)
    {
        set_num_threads(options.ResolveThreads());
        _passes = passes;
        _device = options.ResolveDevice();
        _precision = options.Precision.Resolve(_device.type == DeviceType.CPU);
        CeilingPerSecond = MatrixProductCeiling.Measure(_device, _precision);
    }

    /// <summary>The most multiplications with addition a second that a plain matrix product reaches here.</summary>
    public double CeilingPerSecond { get; }

    /// <summary>Measures a network.</summary>
    /// <param name="architecture">Its catalog name.</param>
    /// <param name="classCount">How many classes it tells apart.</param>
    /// <param name="superImageSide">Width and height of its super-images in pixels.</param>
    /// <param name="cancellationToken">Stops between passes.</param>
    /// <returns>What it costs.</returns>
    /// <exception cref="UnknownArchitectureException">There is no such network.</exception>
    public MemberProfile Measure(string architecture, int classCount, int superImageSide, CancellationToken cancellationToken = default)
    {
        PeakMemory.Reset();
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(classCount, InputSize: new(superImageSide, superImageSide)));
        network.to(_device, _precision);
        network.eval();
        foreach (Parameter parameter in network.parameters())
            parameter.requires_grad = false; // so that the pass that counts keeps nothing for gradients

        Tensor image = rand(1, 3, superImageSide, superImageSide, device: _device).to_type(_precision);

        double operations;
        using (var counter = new OperationCounter(network))
        {
            Pass(network, image);
            operations = counter.Total;
        }

        using IDisposable inference = inference_mode();
        var seconds = new List<double>();
        for (int pass = 0; pass < _passes; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            seconds.Add(Pass(network, image));
        }

        double median = seconds.Order().ElementAt(_passes / 2);
        return new MemberProfile(
            architecture,
            superImageSide,
            network.parameters().Sum(parameter => parameter.NumberOfElements),
            operations,
            median,
            operations / median / CeilingPerSecond,
            PeakMemory.Read());
    }

    private static double Pass(nn.Module<Tensor, Tensor> network, Tensor image)
    {
        using DisposeScope scope = NewDisposeScope();
        long started = Stopwatch.GetTimestamp();
        network.call(image).to_type(ScalarType.Float32).cpu(); // waits for the device
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
