namespace CloudPipe.GpuWorker.Weights;

/// <summary>A tensor whose shape is not the network's.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Expected">The network's shape.</param>
/// <param name="Found">The file's shape.</param>
public sealed record WeightsMismatch(string Key, IReadOnlyList<long> Expected, IReadOnlyList<long> Found);
