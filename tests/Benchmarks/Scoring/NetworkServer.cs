using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Scoring.Profiling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>
/// One process of <see cref="GpuBenchmark"/>: holds a network and answers lines; network_peer.py answers the same ones.
/// <list type="table">
/// <item><term><c>network NAME SIDE</c></term><description>builds it for images of that width and height; answers <c>ready</c> or, where there is none, <c>none WHY</c></description></item>
/// <item><term><c>score BATCH PASSES</c></term><description>answers seconds a pass, or <c>memory</c> where the batch does not fit</description></item>
/// <item><term><c>train BATCH PASSES</c></term><description>the same for forward, loss, backward and AdamW's step</description></item>
/// <item><term><c>operations</c></term><description>here only: multiplications with addition for one image</description></item>
/// <item><term><c>ceiling</c></term><description>here only: the most of them a second, and libtorch's version</description></item>
/// <item><term><c>parity NAME</c></term><description>here only: see <see cref="NetworkParity"/></description></item>
/// </list>
/// What fails otherwise is answered by <c>error WHY</c>.
/// </summary>
internal sealed class NetworkServer : IDisposable
{
    public const string Command = "serve-network";

    private const int ClassCount = 17;

    private readonly Device _device;
    private readonly ScalarType _precision;
    private nn.Module<Tensor, Tensor>? _network;
    private Parameter[] _trainable = [];
    private optim.Optimizer? _optimizer;
    private Tensor? _images;
    private Tensor? _targets;
    private int _side;

    private NetworkServer(string device)
    {
        var options = new ScoringOptions { Device = device };
        set_num_threads(options.ResolveThreads());
        _device = options.ResolveDevice();
        _precision = options.Precision.Resolve(_device.type == DeviceType.CPU);
        backends.cuda.matmul.allow_tf32 = false;
        backends.cudnn.allow_tf32 = false;
    }

    private nn.Module<Tensor, Tensor> Network => _network ?? throw new InvalidOperationException("No network yet.");

    /// <summary>Answers until its input ends.</summary>
    public static async Task<int> RunAsync(string device)
    {
        using var server = new NetworkServer(device);
        while (await Console.In.ReadLineAsync() is { } line)
            Console.WriteLine(server.Answer(line.Split(' ')));

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer?.Dispose();
        _network?.Dispose();
        _images?.Dispose();
        _targets?.Dispose();
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private string Answer(string[] words)
    {
        try
        {
            return words switch
            {
                ["ceiling"] => $"{Text(MatrixProductCeiling.Measure(_device, _precision))} {__version__}",
                ["parity", string architecture] => NetworkParity.Compare(architecture, _device),
                ["network", string architecture, string side] => Create(architecture, int.Parse(side, CultureInfo.InvariantCulture)),
                ["operations"] => Text(CountOperations()),
                ["score", string batch, string passes] => Text(Score(int.Parse(batch, CultureInfo.InvariantCulture), int.Parse(passes, CultureInfo.InvariantCulture))),
                ["train", string batch, string passes] => Text(Train(int.Parse(batch, CultureInfo.InvariantCulture), int.Parse(passes, CultureInfo.InvariantCulture))),
                _ => $"error '{string.Join(' ', words)}' means nothing",
            };
        }
        catch (ExternalException exception) when (BatchLimit.IsOutOfMemory(exception))
        {
            return "memory";
        }
        catch (ExternalException exception)
        {
            return $"error {exception.Message.ReplaceLineEndings(" ")}";
        }
    }

    private string Create(string architecture, int side)
    {
        _side = side;
        _network = ModelCatalog.Create(architecture, new ModelOptions(ClassCount, InputSize: new(side, side)));
        _network.to(_device, _precision);
        _trainable = [.. _network.parameters().Where(parameter => parameter.requires_grad)];
        return "ready";
    }

    private double CountOperations()
    {
        Network.eval();
        Prepare(1);

        // With gradients enabled, as the counter needs it, but no parameter that asks for one: the pass keeps nothing.
        Array.ForEach(_trainable, parameter => parameter.requires_grad = false);
        using DisposeScope scope = NewDisposeScope();
        using var counter = new OperationCounter(Network);
        Network.call(_images!);
        Array.ForEach(_trainable, parameter => parameter.requires_grad = true);
        return counter.Total;
    }

    private double Score(int batch, int passes)
    {
        using IDisposable inference = inference_mode();
        Network.eval();
        Prepare(batch);
        return Time(passes, () => Network.call(_images!));
    }

    private double Train(int batch, int passes)
    {
        Network.train();
        Prepare(batch);
        _optimizer ??= optim.AdamW(_trainable, lr: 1e-5, weight_decay: 0.01);
        return Time(passes, () =>
        {
            _optimizer.zero_grad();
            Tensor loss = nn.functional.binary_cross_entropy_with_logits(Network.call(_images!).to_type(ScalarType.Float32), _targets!);
            loss.backward();
            _optimizer.step();
            return loss;
        });
    }

    /// <summary>Seconds a pass. The passes queue up on the device, as in a worker that never waits for a result.</summary>
    private static double Time(int passes, Func<Tensor> pass)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < passes; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor result = pass();
            if (i == passes - 1)
                result.flatten()[0].to_type(ScalarType.Float32).item<float>(); // waits for the device
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds / passes;
    }

    private void Prepare(int batch)
    {
        if (_images?.shape[0] == batch)
            return;

        using DisposeScope scope = NewDisposeScope();
        using IDisposable ordinary = inference_mode(false); // a network that trains takes the same images
        _images?.Dispose();
        _targets?.Dispose();
        _images = rand(batch, 3, _side, _side, device: _device).to_type(_precision).DetachFromDisposeScope();
        _targets = rand(batch, ClassCount, device: _device).gt(0.8).to_type(ScalarType.Float32).DetachFromDisposeScope();
    }
}
