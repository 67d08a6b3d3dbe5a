using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>A network that looks at an image in stages, from edges and colours to what its classifier reads.</summary>
public interface IStagedNetwork
{
    /// <summary>The stages in their order; each gives <c>[N, C, H, W]</c> unless <see cref="PlaceDimensions"/> says otherwise.</summary>
    IReadOnlyList<nn.Module<Tensor, Tensor>> Stages { get; }

    /// <summary>Which dimensions of a stage's output are places of the image.</summary>
    long[] PlaceDimensions => [2, 3];
}
