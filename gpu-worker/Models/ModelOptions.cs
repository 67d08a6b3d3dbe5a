namespace CloudPipe.GpuWorker.Models;

/// <summary>What a caller decides about a network; everything else is its architecture's.</summary>
/// <param name="ClassCount">How many logits.</param>
/// <param name="DropPathRate">Stochastic depth (Huang et al. 2016): the last block's probability of being skipped in training, 0..1; earlier blocks less, linearly.</param>
/// <param name="LayerScaleInitialValue">Where the per-channel scale of a residual branch starts (Touvron et al. 2021); small for long training, near 1 for short.</param>
/// <param name="DrawWeights">Whether the weights are drawn from torch's generator; a caller who loads a whole file of them saves the time.</param>
public sealed record ModelOptions(int ClassCount, double DropPathRate = 0, double LayerScaleInitialValue = 1e-6, bool DrawWeights = true);
