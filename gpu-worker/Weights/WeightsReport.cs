namespace CloudPipe.GpuWorker.Weights;

/// <summary>How a weights file and a network fit.</summary>
/// <param name="Naming">Whose names the file has.</param>
/// <param name="Keys">Every key of the network in its order, then what only the file has.</param>
public sealed record WeightsReport(WeightsNaming Naming, IReadOnlyList<WeightsKeyReport> Keys)
{
    /// <summary>Whether every tensor of the file goes into the network as it is, and fills it.</summary>
    public bool IsComplete => Keys.All(key => key.Outcome == WeightsOutcome.Loaded);

    /// <summary>The keys of one outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <returns>Their names, in order.</returns>
    public IReadOnlyList<string> KeysOf(WeightsOutcome outcome) => [.. Keys.Where(key => key.Outcome == outcome).Select(key => key.Key)];
}
