using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>A run of elements that tensors are views of.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="ElementSize">Bytes of one.</param>
/// <param name="Key">Its part of the archive, <c>data/KEY</c>.</param>
/// <param name="Length">Elements.</param>
internal sealed record PickledStorage(ScalarType Type, int ElementSize, string Key, long Length);
