using CloudPipe.GpuWorker.Weights;
using CloudPipe.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>Saves a fold's state, and finds where it can go on. The last two checkpoints are kept: should one be damaged, there is another.</summary>
/// <param name="store">Where they are.</param>
/// <param name="identity">Of the fold: <see cref="CheckpointHeader.Identity"/>.</param>
/// <param name="description">The fold in words.</param>
internal sealed class FoldCheckpoints(ICheckpointStore store, string identity, string description)
{
    private const int Kept = 2;
    private const string NetworkPrefix = "network/";
    private const string AveragePrefix = "average/";
    private const string OptimizerPrefix = "optimizer/";
    private const string MemoryPrefix = "memory/";
    private const string KeptPrefix = "kept/";

    /// <summary>Saves the state.</summary>
    /// <param name="state">The fold's.</param>
    /// <param name="position">How far it is.</param>
    /// <param name="keptWeights">The weights file of the epoch that is kept so far, which a fold on another machine would lack; null for none.</param>
    public void Save(FoldState state, FoldPosition position, string? keptWeights)
    {
        using DisposeScope scope = NewDisposeScope();
        using WeightsFile? kept = keptWeights is null ? null : WeightsFile.Open(keptWeights);
        KeyValuePair<string, Tensor>[] tensors =
        [
            .. Prefixed(NetworkPrefix, state.Weights.Masters.state_dict()),
            .. Prefixed(AveragePrefix, state.Average.Network.state_dict()),
            .. Prefixed(OptimizerPrefix, state.Optimizer.State),
            .. Prefixed(MemoryPrefix, state.Memory?.State ?? []),
            .. kept is null ? [] : Prefixed(KeptPrefix, kept.Entries.Select(entry => KeyValuePair.Create(entry.Key, kept.Read(entry.Key)))),
        ];
        var header = new CheckpointHeader(CheckpointHeader.CurrentVersion, identity, description, state.Optimizer.Steps, state.Average.Updates, position);
        store.Write(FormattableString.Invariant($"step-{state.Optimizer.Steps:D9}"), path => CheckpointFile.Write(path, header, tensors));
        foreach (string old in store.List().SkipLast(Kept))
            store.Delete(old);
    }

    /// <summary>Puts the newest sound checkpoint into a state.</summary>
    /// <param name="state">The fold's.</param>
    /// <param name="keptWeights">Where the weights of the epoch that is kept so far go, if there is one.</param>
    /// <param name="refused">Hears of each checkpoint that cannot be used: its name, and why.</param>
    /// <returns>How far the fold is; its start where there is no checkpoint.</returns>
    /// <exception cref="TrainingException">There are checkpoints, and every one is another fold's or damaged.</exception>
    public FoldPosition Resume(FoldState state, string keptWeights, Action<string, string> refused)
    {
        var reasons = new List<string>();
        foreach (string name in store.List().Reverse())
        {
            try
            {
                return store.Read(name, path => Load(path, state, keptWeights));
            }
            catch (CheckpointException exception)
            {
                refused(name, exception.Message);
                reasons.Add($"{name}: {exception.Message}");
            }
        }

        return reasons.Count == 0
            ? FoldPosition.Start
            : throw new TrainingException($"No checkpoint of {description} can be used. {string.Join(". ", reasons)}. Repeat the run as it was begun, or delete its checkpoints to start anew.");
    }

    /// <summary>Leaves the last checkpoint alone: the fold is done.</summary>
    public void Finish()
    {
        foreach (string old in store.List().SkipLast(1))
            store.Delete(old);
    }

    private FoldPosition Load(string path, FoldState state, string keptWeights)
    {
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        (WeightsFile file, CheckpointHeader header) = CheckpointFile.Open(path, identity);
        using (file)
        {
            foreach ((string key, Tensor target) in state.Weights.Masters.state_dict())
                file.ReadInto(NetworkPrefix + key, target);

            foreach ((string key, Tensor target) in state.Average.Network.state_dict())
                file.ReadInto(AveragePrefix + key, target);

            foreach ((string key, Tensor target) in state.Memory?.State ?? [])
                file.ReadInto(MemoryPrefix + key, target);

            state.Weights.Distribute();
            state.Average.Updates = header.AverageUpdates;
            state.Optimizer.Restore(header.Steps, name => file.Find(OptimizerPrefix + name) is null ? null : file.Read(OptimizerPrefix + name));
            KeyValuePair<string, Tensor>[] kept =
            [
                .. file.Entries.Where(entry => entry.Key.StartsWith(KeptPrefix, StringComparison.Ordinal))
                    .Select(entry => KeyValuePair.Create(entry.Key[KeptPrefix.Length..], file.Read(entry.Key))),
            ];
            if (kept.Length > 0)
                SafetensorsWriter.Write(keptWeights, kept);
        }

        return header.Position;
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Prefixed(string prefix, IEnumerable<KeyValuePair<string, Tensor>> tensors) =>
        tensors.Select(entry => KeyValuePair.Create(prefix + entry.Key, entry.Value));
}
