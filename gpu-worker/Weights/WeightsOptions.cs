namespace CloudPipe.GpuWorker.Weights;

/// <summary>How a weights file is put into a network.</summary>
/// <param name="Architecture">The network's catalog name; with it torchvision's names are understood too.</param>
/// <param name="FineTuning">
/// Whether the network is trained further. Then the classifier may be missing or for other classes (the network keeps its own,
/// which must have been drawn), the first convolution may have other channels, and what only the file has is left out.
/// Otherwise every key must fit.
/// </param>
/// <param name="PreferEma">Whether a checkpoint's averaged weights are taken where it has some.</param>
public sealed record WeightsOptions(string? Architecture = null, bool FineTuning = false, bool PreferEma = false);
