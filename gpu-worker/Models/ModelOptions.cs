namespace CloudPipe.GpuWorker.Models;

/// <summary>What a caller decides about a network; everything else is its architecture's.</summary>
/// <param name="ClassCount">How many logits; 0 gives the pooled features in their place, which ML-Decoder cannot.</param>
/// <param name="DropPathRate">Stochastic depth (Huang et al. 2016): the last block's probability of being skipped in training, 0..1; earlier blocks less, linearly.</param>
/// <param name="LayerScaleInitialValue">Where the per-channel scale of a residual branch starts (Touvron et al. 2021); small for long training, near 1 for short.</param>
/// <param name="InputSize">Pixels of the images to come, for networks whose parameters depend on it (Swin); null takes the architecture's own. Others take any size.</param>
/// <param name="StrictInputSize">Whether such a network takes that size alone; otherwise windows stay as for that size, and any other is padded (timm's <c>strict_img_size</c>).</param>
/// <param name="Head">What turns features into logits.</param>
/// <param name="DrawWeights">Whether the weights are drawn from torch's generator; a caller who loads a whole file of them saves the time.</param>
public sealed record ModelOptions(int ClassCount, double DropPathRate = 0, double LayerScaleInitialValue = 1e-6, ImageSize? InputSize = null, bool StrictInputSize = true, HeadKind Head = HeadKind.Plain, bool DrawWeights = true);
