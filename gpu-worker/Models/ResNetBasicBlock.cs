using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>ReLU(shortcut(x) + branch(x)), the branch two 3×3 convolutions (figure 5, left, of the paper).</summary>
internal sealed class ResNetBasicBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;
    private readonly DropPath dropPath;

    public ResNetBasicBlock(int inputWidth, int width, int stride, Sequential? shortcut, double dropPathRate)
        : base(nameof(ResNetBasicBlock))
    {
        conv1 = nn.Conv2d(inputWidth, width, kernel_size: 3, stride: stride, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(width);
        conv2 = nn.Conv2d(width, width, kernel_size: 3, padding: 1, bias: false);
        bn2 = nn.BatchNorm2d(width);
        downsample = shortcut;
        dropPath = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public BatchNorm2d LastNorm => bn2;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor branch = NormalizedConvolution.Apply(conv1, bn1, input).relu_();
        branch = NormalizedConvolution.Apply(conv2, bn2, branch);
        Tensor shortcut = downsample is null ? input : NormalizedConvolution.Apply(downsample, input);
        return dropPath.Keep(branch).add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
