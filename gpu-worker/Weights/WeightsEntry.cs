using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>One tensor of a weights file: where its elements lie.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Strides">Elements between neighbours along each axis; null where the elements lie row by row.</param>
/// <param name="Offset">Where its first element starts, from the start of the file.</param>
/// <param name="ByteCount">How many bytes of the file it spans.</param>
public sealed record WeightsEntry(string Key, ScalarType Type, IReadOnlyList<long> Shape, IReadOnlyList<long>? Strides, long Offset, long ByteCount)
{
    /// <summary>How many elements it has.</summary>
    public long ElementCount => Shape.Aggregate(1L, (product, length) => product * length);
}
