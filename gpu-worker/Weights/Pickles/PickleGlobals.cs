using System.Collections.Frozen;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>The only names of Python's that a pickle may use, and the inert things that they become here.</summary>
internal static class PickleGlobals
{
    private static readonly FrozenDictionary<string, object> Allowed = new Dictionary<string, object>
    {
        ["torch._utils._rebuild_tensor_v2"] = PickleFunction.RebuildTensor,
        ["torch._utils._rebuild_parameter"] = PickleFunction.RebuildParameter,
        ["collections.OrderedDict"] = PickleFunction.OrderedDictionary,
        ["argparse.Namespace"] = PickleFunction.Namespace,
        ["torch.Size"] = PickleFunction.Ignored,
        ["numpy.core.multiarray.scalar"] = PickleFunction.Ignored,
        ["numpy._core.multiarray.scalar"] = PickleFunction.Ignored,
        ["numpy.dtype"] = PickleFunction.Ignored,
        ["_codecs.encode"] = PickleFunction.Ignored, // the bytes of NumPy's numbers under protocol 2
        ["torch.DoubleStorage"] = new PickledStorageType(ScalarType.Float64, 8),
        ["torch.FloatStorage"] = new PickledStorageType(ScalarType.Float32, 4),
        ["torch.HalfStorage"] = new PickledStorageType(ScalarType.Float16, 2),
        ["torch.BFloat16Storage"] = new PickledStorageType(ScalarType.BFloat16, 2),
        ["torch.LongStorage"] = new PickledStorageType(ScalarType.Int64, 8),
        ["torch.IntStorage"] = new PickledStorageType(ScalarType.Int32, 4),
        ["torch.ShortStorage"] = new PickledStorageType(ScalarType.Int16, 2),
        ["torch.CharStorage"] = new PickledStorageType(ScalarType.Int8, 1),
        ["torch.ByteStorage"] = new PickledStorageType(ScalarType.Byte, 1),
        ["torch.BoolStorage"] = new PickledStorageType(ScalarType.Bool, 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="FormatException">It is none of them.</exception>
    public static object Find(string module, string name) => Allowed.TryGetValue($"{module}.{name}", out object? found)
        ? found
        : throw new FormatException($"it asks for Python's '{Shorten(module)}.{Shorten(name)}', which is none of the few names that weights need");

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
