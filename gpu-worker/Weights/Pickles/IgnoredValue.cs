namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>Stands for a value that weights do not need; lists and sets too, whose items are dropped.</summary>
internal sealed class IgnoredValue
{
    private IgnoredValue()
    {
    }

    /// <summary>A list or a set.</summary>
    public static IgnoredValue Collection { get; } = new();

    /// <summary>An object: it may be given a state, which is dropped.</summary>
    public static IgnoredValue Object { get; } = new();

    /// <summary>Bytes, numbers beyond 64 bits.</summary>
    public static IgnoredValue Scalar { get; } = new();
}
