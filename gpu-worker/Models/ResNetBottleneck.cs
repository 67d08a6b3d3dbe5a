using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>ReLU(shortcut(x) + branch(x)), the branch 1×1, 3×3, 1×1 (figure 5, right, of the paper); a stride is the 3×3's.</summary>
internal sealed class ResNetBottleneck : nn.Module<Tensor, Tensor>
{
    /// <summary>How many times wider a block's ends are than its middle.</summary>
    public const int Expansion = 4;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Conv2d conv3;
    private readonly BatchNorm2d bn3;
    private readonly EfficientChannelAttention? se;
    private readonly Sequential? downsample;
    private readonly DropPath dropPath;

    public ResNetBottleneck(int inputWidth, int width, int stride, Sequential? shortcut, bool channelAttention, double dropPathRate)
        : base(nameof(ResNetBottleneck))
    {
        int middle = width / Expansion;
        conv1 = nn.Conv2d(inputWidth, middle, kernel_size: 1, bias: false);
        bn1 = nn.BatchNorm2d(middle);
        conv2 = nn.Conv2d(middle, middle, kernel_size: 3, stride: stride, padding: 1, bias: false);
        bn2 = nn.BatchNorm2d(middle);
        conv3 = nn.Conv2d(middle, width, kernel_size: 1, bias: false);
        bn3 = nn.BatchNorm2d(width);
        se = channelAttention ? new EfficientChannelAttention(width) : null;
        downsample = shortcut;
        dropPath = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public BatchNorm2d LastNorm => bn3;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor narrow = NormalizedConvolution.Apply(conv1, bn1, input).relu_();
        Tensor mixed = NormalizedConvolution.Apply(conv2, bn2, narrow).relu_();
        narrow.Dispose(); // freed before the wide ones are made
        Tensor branch = NormalizedConvolution.Apply(conv3, bn3, mixed);
        mixed.Dispose();
        if (se is not null)
            branch = se.call(branch);

        Tensor shortcut = downsample is null ? input : NormalizedConvolution.Apply(downsample, input);
        return dropPath.Keep(branch).add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
