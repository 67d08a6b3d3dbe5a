using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>A key's outcome, and how its tensor gets into the network.</summary>
/// <param name="Report">The outcome.</param>
/// <param name="Target">The network's tensor; null where it takes nothing.</param>
/// <param name="Change">Makes the network's tensor of the file's; null where its elements are taken as they are.</param>
internal sealed record PlannedKey(WeightsKeyReport Report, Tensor? Target = null, Func<Tensor, Tensor>? Change = null);
