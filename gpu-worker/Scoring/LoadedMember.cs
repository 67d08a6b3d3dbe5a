using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>A member's network with its weights, ready to score.</summary>
/// <param name="Network">In evaluation mode, on the worker's device.</param>
/// <param name="Bytes">The size of its weights.</param>
internal sealed record LoadedMember(nn.Module<Tensor, Tensor> Network, long Bytes) : IDisposable
{
    public void Dispose() => Network.Dispose();
}
