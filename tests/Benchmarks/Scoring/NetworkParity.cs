using System.Globalization;
using System.Text.Json;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>
/// How far a network's logits on a device are from its reference file's, relative to the largest: the largest difference over
/// all cases in float32 and in float64, and how much is allowed.
/// </summary>
/// <param name="Float32Error">In float32, TF32 off.</param>
/// <param name="Float32Tolerance">As in the tests on the CPU; on a GPU at least <see cref="GpuTolerance"/>.</param>
/// <param name="Float64Error">In float64.</param>
internal sealed record NetworkParity(double Float32Error, double Float32Tolerance, double Float64Error)
{
    /// <summary>The same on every device: a mistake in a network moves its logits by more.</summary>
    public const double Float64Tolerance = 1e-9;

    /// <summary>Ten times what is allowed on the CPU: cuDNN also picks Winograd's and Fourier convolutions, which round more.</summary>
    public const double GpuTolerance = 2e-5;

    private const string Missing = "none ";

    /// <summary>Whether it is the same network.</summary>
    public bool IsSame => Float32Error <= Float32Tolerance && Float64Error <= Float64Tolerance;

    /// <summary>Compares, and writes the outcome for <see cref="Parse"/>.</summary>
    public static string Compare(string architecture, Device device)
    {
        if (ParityData.WhyMissing([$"models/{architecture}.json"]) is { } why)
            return Missing + why;

        JsonElement reference = ParityModel.Read(architecture);
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, ParityModel.Options(reference));
        Dictionary<string, long[]> shapes = reference.GetProperty("state").EnumerateArray().ToDictionary(entry => entry[0].GetString()!, entry => entry[1].Longs());
        FormulaFill.Network(network, reference.GetProperty("fill"), ReferenceNames.For(architecture).Of, shapes);
        network.to(device);
        network.eval();
        JsonElement[] cases = [.. reference.GetProperty("cases").EnumerateArray()];
        double float32Error = cases.Max(testCase => Error(network, testCase, device, ScalarType.Float32));
        double cpuTolerance = cases.Max(testCase => Math.Max(2e-6, 10 * testCase.GetProperty("f32_max_abs_diff").GetDouble() / Largest(testCase)));
        network.to(ScalarType.Float64);
        double float64Error = cases.Max(testCase => Error(network, testCase, device, ScalarType.Float64));
        return string.Create(CultureInfo.InvariantCulture, $"{float32Error:R} {(device.type == DeviceType.CPU ? cpuTolerance : Math.Max(cpuTolerance, GpuTolerance)):R} {float64Error:R}");
    }

    /// <summary>Reads an outcome; <see langword="null"/> where there is no reference file.</summary>
    public static NetworkParity? Parse(string answer)
    {
        if (answer.StartsWith(Missing, StringComparison.Ordinal))
            return null;

        double[] numbers = [.. answer.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        return new NetworkParity(numbers[0], numbers[1], numbers[2]);
    }

    private static double Largest(JsonElement testCase) => testCase.GetProperty("output").Doubles().Max(Math.Abs);

    private static double Error(nn.Module<Tensor, Tensor> network, JsonElement testCase, Device device, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        Tensor input = FormulaFill.Input(testCase.GetProperty("input_seed_name").GetString()!, testCase.GetProperty("input_shape").Longs());
        double[] actual = [.. network.call(input.to(device).to_type(type)).to_type(ScalarType.Float64).cpu().data<double>()];
        double[] expected = testCase.GetProperty("output").Doubles();

        // Not Math.Max alone: a logit that is no number must not pass.
        return expected.Zip(actual).Select(pair => Math.Abs(pair.First - pair.Second)).Aggregate(0.0, (largest, difference) => difference <= largest ? largest : difference) / Largest(testCase);
    }
}
