using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>Writes any weights file as safetensors.</summary>
public static class WeightsConversion
{
    private const double LargestFloat16 = 65504;

    /// <summary>Converts a file; one tensor at a time is in memory.</summary>
    /// <param name="input">The open file.</param>
    /// <param name="output">The safetensors file; its folder exists.</param>
    /// <param name="floatType">What float tensors are stored as; null leaves them.</param>
    /// <param name="architecture">The catalog name of their network: tensors get its names and shapes; null leaves both.</param>
    /// <returns>How many tensors were written.</returns>
    /// <exception cref="WeightsException">The file does not fit the architecture, or a number does not fit the type.</exception>
    public static int Convert(WeightsFile input, string output, ScalarType? floatType, string? architecture)
    {
        WeightsSource[] sources =
        [
            .. architecture is null
                ? input.Entries.Select(entry => Source(input, entry, entry.Key, entry.Shape, floatType))
                : Renamed(input, architecture, floatType),
        ];
        SafetensorsWriter.Write(output, sources, new Dictionary<string, string> { ["format"] = "pt" }, floatType);
        return sources.Length;
    }

    private static IEnumerable<WeightsSource> Renamed(WeightsFile input, string architecture, ScalarType? floatType)
    {
        WeightsReport report = WeightsCatalog.Probe(input, architecture);
        WeightsKeyReport[] wrong = [.. report.Keys.Where(key => key.Outcome is not (WeightsOutcome.Loaded or WeightsOutcome.Replaced))];
        if (wrong.Length > 0)
        {
            throw new WeightsException(
                $"'{input.Path}' holds no weights of {architecture}: {wrong.Length} keys do not fit, the first is '{wrong[0].Key}' ({wrong[0].Outcome}). "
                + "'cloudpipe weights verify' lists them all.");
        }

        // What the classifier of other classes has keeps its shape.
        return report.Keys
            .Where(key => key.FileKey is not null)
            .Select(key => Source(input, input.Find(key.FileKey!)!, key.Key, key.Outcome == WeightsOutcome.Loaded ? key.Expected! : key.Found!, floatType));
    }

    private static WeightsSource Source(WeightsFile input, WeightsEntry entry, string key, IReadOnlyList<long> shape, ScalarType? floatType) =>
        new(key, entry.Type, shape, () => Read(input, entry, shape, floatType));

    private static Tensor Read(WeightsFile input, WeightsEntry entry, IReadOnlyList<long> shape, ScalarType? floatType)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tensor = input.Read(entry.Key);
        if (floatType == ScalarType.Float16 && entry.Type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 && entry.ElementCount > 0)
        {
            double largest = tensor.abs().max().to_type(ScalarType.Float64).item<double>();
            if (largest > LargestFloat16 && double.IsFinite(largest))
                throw new WeightsException(FormattableString.Invariant($"'{entry.Key}' in '{input.Path}' reaches {largest:G4}, which float16 cannot hold. Convert to bfloat16."));
        }

        return tensor.reshape([.. shape]).MoveToOuterDisposeScope();
    }
}
