using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// Scales each channel by a gate that sees the means of all of them. Hu, Shen, Albanie, Sun, Wu: Squeeze-and-Excitation
/// Networks, CVPR 2018, https://arxiv.org/abs/1709.01507 (timm's <c>SEModule</c>).
/// </summary>
internal sealed class SqueezeExcite : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d fc1;
    private readonly Conv2d fc2;

    public SqueezeExcite(int width, int squeezedWidth)
        : base(nameof(SqueezeExcite))
    {
        fc1 = nn.Conv2d(width, squeezedWidth, kernel_size: 1);
        fc2 = nn.Conv2d(squeezedWidth, width, kernel_size: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gate = input.mean([2, 3], keepdim: true); // [N, C, 1, 1]
        gate = fc2.call(fc1.call(gate).relu_()).sigmoid_();
        return input.mul(gate).MoveToOuterDisposeScope();
    }
}
