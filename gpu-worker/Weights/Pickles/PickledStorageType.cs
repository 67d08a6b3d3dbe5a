using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>One of torch's storage classes, such as <c>torch.FloatStorage</c>.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="ElementSize">Bytes of one.</param>
internal sealed record PickledStorageType(ScalarType Type, int ElementSize);
