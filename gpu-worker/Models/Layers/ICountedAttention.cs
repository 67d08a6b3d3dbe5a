using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>A layer that multiplies tensors with each other, which its weights do not show: attention.</summary>
internal interface ICountedAttention
{
    /// <summary>How many multiplications with addition the products of queries with keys and of scores with values take.</summary>
    /// <param name="input">What the layer is called with.</param>
    /// <returns>The count.</returns>
    double MultiplyAccumulates(Tensor input);
}
