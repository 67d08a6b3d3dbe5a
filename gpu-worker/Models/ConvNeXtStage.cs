using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>Halves the resolution (but for the first stage), then refines it block by block.</summary>
internal sealed class ConvNeXtStage : nn.Module<Tensor, Tensor>
{
    private readonly Sequential? downsample;
    private readonly BlockSequence blocks;

    public ConvNeXtStage(int? inputWidth, int width, IReadOnlyList<double> dropPathRates, bool convolutionalMlp, double layerScaleInitialValue)
        : base(nameof(ConvNeXtStage))
    {
        if (inputWidth is int previousWidth)
        {
            downsample = nn.Sequential(
                ("0", new LayerNorm2d(previousWidth)),
                ("1", nn.Conv2d(previousWidth, width, kernel_size: 2, stride: 2)));
        }

        blocks = new BlockSequence(dropPathRates.Select(rate => new ConvNeXtBlock(width, rate, convolutionalMlp, layerScaleInitialValue)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return blocks.call(downsample is null ? input : downsample.call(input)).MoveToOuterDisposeScope();
    }
}
