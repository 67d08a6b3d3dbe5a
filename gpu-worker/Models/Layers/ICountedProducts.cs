using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>A layer with matrix products that its own weight does not show: attention multiplies tensors with each other.</summary>
internal interface ICountedProducts
{
    /// <summary>How many multiplications with addition these products take; layers within the layer count for themselves.</summary>
    /// <param name="input">What the layer is called with.</param>
    /// <returns>The count.</returns>
    double MultiplyAccumulates(Tensor input);
}
