using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>A member's network with its weights, ready to score.</summary>
/// <param name="Network">In evaluation mode, on the worker's device.</param>
/// <param name="Precision">The type of its weights and of the images that it takes.</param>
/// <param name="Familiarity">Tells how familiar images are to it; <see langword="null"/> when the release cannot.</param>
/// <param name="BatchLimit">How many images it takes together.</param>
/// <param name="Bytes">The size of its weights in memory.</param>
internal sealed record LoadedMember(nn.Module<Tensor, Tensor> Network, ScalarType Precision, MemberFamiliarity? Familiarity, BatchLimit BatchLimit, long Bytes) : IDisposable
{
    public void Dispose()
    {
        Familiarity?.Dispose();
        Network.Dispose();
    }
}
