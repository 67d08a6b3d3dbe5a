using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Offset">Where its bytes start, from the start of the file.</param>
/// <param name="ByteCount">How many bytes it has.</param>
public sealed record SafetensorsEntry(string Key, ScalarType Type, IReadOnlyList<long> Shape, long Offset, int ByteCount);
