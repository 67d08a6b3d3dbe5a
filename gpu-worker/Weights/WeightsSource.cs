using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>A tensor that is to be written, and read only then.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Read">Gives it; the writer disposes it.</param>
internal sealed record WeightsSource(string Key, ScalarType Type, IReadOnlyList<long> Shape, Func<Tensor> Read);
