using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// Scales each channel by a gate that sees the means of that channel and its neighbours. Wang, Wu, Zhu, Li, Zuo, Hu:
/// ECA-Net, CVPR 2020, https://arxiv.org/abs/1910.03151.
/// </summary>
internal sealed class EfficientChannelAttention : nn.Module<Tensor, Tensor>
{
    private readonly Conv1d conv;

    public EfficientChannelAttention(int width)
        : base(nameof(EfficientChannelAttention))
    {
        // Equation 12 with gamma 2 and b 1: the nearest odd number above, at least 3 as timm has it.
        int neighbours = (int)((Math.Log2(width) + 1) / 2);
        int kernelSize = Math.Max(neighbours % 2 == 1 ? neighbours : neighbours + 1, 3);
        conv = nn.Conv1d(1, 1, kernelSize, padding: kernelSize / 2, bias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor means = input.mean([2, 3]).unsqueeze(1); // [N, 1, C]
        Tensor gate = conv.call(means).sigmoid_().reshape(input.shape[0], -1, 1, 1); // [N, C, 1, 1]
        return input.mul(gate).MoveToOuterDisposeScope();
    }
}
