using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>Halves the resolution (but for the first stage), then refines it block by block; <c>[N, H, W, C]</c>.</summary>
internal sealed class SwinStage : nn.Module<Tensor, Tensor>
{
    private readonly PatchMerging? downsample;
    private readonly BlockSequence blocks;

    /// <param name="width">Channels out.</param>
    /// <param name="merges">Whether it halves the resolution of half as many channels first.</param>
    /// <param name="resolution">The size that its blocks are for.</param>
    /// <param name="windowSize">Height and width of a window.</param>
    /// <param name="padsBeforeShift">Whether windows are torchvision's, whatever the resolution.</param>
    /// <param name="dropPathRates">One a block.</param>
    public SwinStage(int width, bool merges, TokenSize resolution, int windowSize, bool padsBeforeShift, IReadOnlyList<double> dropPathRates)
        : base(nameof(SwinStage))
    {
        downsample = merges ? new PatchMerging(width / 2, width) : null;

        // A window is no larger than the feature map, and one that covers an axis is not shifted along it (timm).
        TokenSize window = padsBeforeShift
            ? new(windowSize, windowSize)
            : new(Math.Min(windowSize, resolution.Height), Math.Min(windowSize, resolution.Width));
        TokenSize shift = padsBeforeShift
            ? new(windowSize / 2, windowSize / 2)
            : new(resolution.Height > windowSize ? windowSize / 2 : 0, resolution.Width > windowSize ? windowSize / 2 : 0);
        blocks = new BlockSequence(dropPathRates.Select((rate, i) => new SwinBlock(width, window, i % 2 == 0 ? default : shift, padsBeforeShift, rate)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return blocks.call(downsample is null ? input : downsample.call(input)).MoveToOuterDisposeScope();
    }
}
