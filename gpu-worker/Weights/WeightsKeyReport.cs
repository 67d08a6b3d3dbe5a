namespace CloudPipe.GpuWorker.Weights;

/// <summary>What becomes of one key.</summary>
/// <param name="Key">The network's name of it; of what only the file has, the file's.</param>
/// <param name="FileKey">The file's name of it; null where it is missing.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Expected">The network's shape; null where the network lacks it.</param>
/// <param name="Found">The file's shape; null where the file lacks it.</param>
public sealed record WeightsKeyReport(string Key, string? FileKey, WeightsOutcome Outcome, IReadOnlyList<long>? Expected, IReadOnlyList<long>? Found);
