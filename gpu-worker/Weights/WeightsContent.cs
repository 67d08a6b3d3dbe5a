namespace CloudPipe.GpuWorker.Weights;

/// <summary>What a weights file's header says, checked.</summary>
/// <param name="Entries">The tensors, in the header's order.</param>
/// <param name="Metadata">Free text fields.</param>
/// <param name="StateDictionary">Under which keys of a checkpoint the tensors were found, joined by dots; null where they are the whole.</param>
internal sealed record WeightsContent(IReadOnlyList<WeightsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, string? StateDictionary);
