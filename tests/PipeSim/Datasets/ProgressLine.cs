namespace CloudPipe.PipeSim;

/// <summary>Reports at once on the caller's thread: <see cref="Progress{T}"/> may print after the command has ended.</summary>
public sealed class ProgressLine(Action<int> print) : IProgress<int>
{
    public void Report(int value)
    {
        lock (print) print(value);
    }
}
