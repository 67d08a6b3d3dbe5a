namespace CloudPipe.GpuWorker.Weights;

/// <summary>How a weights file and a network fit.</summary>
/// <param name="Loaded">Keys whose tensors are, or would be, copied into the network.</param>
/// <param name="Missing">Keys of the network that the file lacks.</param>
/// <param name="Unexpected">Keys of the file that the network lacks.</param>
/// <param name="Mismatched">Keys of both, with other shapes.</param>
public sealed record WeightsReport(
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unexpected,
    IReadOnlyList<WeightsMismatch> Mismatched)
{
    /// <summary>Whether every key fits.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && Mismatched.Count == 0;
}
