using System.Collections.Frozen;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>The element types of safetensors that CloudPipe reads and writes.</summary>
internal static class SafetensorsTypes
{
    private static readonly FrozenDictionary<string, (ScalarType Type, int Size)> ByName = new Dictionary<string, (ScalarType, int)>
    {
        ["F64"] = (ScalarType.Float64, 8),
        ["F32"] = (ScalarType.Float32, 4),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
        ["I64"] = (ScalarType.Int64, 8),
        ["I32"] = (ScalarType.Int32, 4),
        ["I16"] = (ScalarType.Int16, 2),
        ["I8"] = (ScalarType.Int8, 1),
        ["U8"] = (ScalarType.Byte, 1),
        ["BOOL"] = (ScalarType.Bool, 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Names => string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal));

    public static (ScalarType Type, int Size)? Find(string name) => ByName.TryGetValue(name, out var found) ? found : null;

    public static (string Name, int Size) Of(ScalarType type) =>
        ByName.Where(entry => entry.Value.Type == type).Select(entry => (entry.Key, entry.Value.Size)).FirstOrDefault()
            is (string name, int size)
            ? (name, size)
            : throw new ArgumentException($"Tensors of the type {type} are not written to safetensors files; convert them to one of {Names}.");
}
