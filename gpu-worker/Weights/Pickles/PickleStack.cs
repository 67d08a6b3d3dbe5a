namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>A pickle machine's stack: nothing below the last mark can be taken.</summary>
/// <param name="most">The most values.</param>
/// <param name="mostMarks">The most marks.</param>
internal sealed class PickleStack(int most, int mostMarks)
{
    private readonly List<object?> values = [];
    private readonly Stack<int> marks = new();

    private int Floor => marks.TryPeek(out int floor) ? floor : 0;

    public void Push(object? value)
    {
        if (values.Count >= most)
            throw new FormatException($"its pickle holds more than {most} values at once");

        values.Add(value);
    }

    public void Mark()
    {
        if (marks.Count >= mostMarks)
            throw new FormatException($"its pickle is nested more than {mostMarks} deep");

        marks.Push(values.Count);
    }

    public object? Peek() => values.Count > Floor ? values[^1] : throw Empty();

    public object? Pop() => Pop(1)[0];

    /// <summary>Takes the last values, in the order in which they were pushed.</summary>
    public object?[] Pop(int count) => values.Count - count >= Floor ? Take(values.Count - count) : throw Empty();

    /// <summary>Takes the values above the last mark, and the mark.</summary>
    public object?[] PopToMark() => marks.TryPop(out int mark) ? Take(mark) : throw Empty();

    /// <summary>Python's POP: the last value, or the mark where there is none above it.</summary>
    public void PopItemOrMark()
    {
        if (values.Count > Floor)
            values.RemoveAt(values.Count - 1);
        else if (!marks.TryPop(out _))
            throw Empty();
    }

    private static FormatException Empty() => new("its pickle takes a value that is not there; it is altered");

    private object?[] Take(int start)
    {
        object?[] taken = [.. values[start..]];
        values.RemoveRange(start, values.Count - start);
        return taken;
    }
}
