namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>A dictionary of a pickle: what it holds under text keys, in order. Other keys (an optimizer's numbers) are dropped.</summary>
internal sealed class PickleDictionary
{
    public OrderedDictionary<string, object?> Items { get; } = new(StringComparer.Ordinal);

    public void Set(object? key, object? value)
    {
        if (key is string name)
            Items[name] = value;
    }
}
