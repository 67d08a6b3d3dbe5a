using System.Text;

namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>
/// Reads a pickle as data. Python's own machine imports and calls what a pickle names; this one knows the operations that
/// <c>torch.save</c> writes for tensors, a list of harmless names, and nothing else: anything further is refused by name.
/// Operations: CPython's <c>Lib/pickletools.py</c>.
/// </summary>
/// <param name="pickle">The pickle.</param>
internal sealed class PickleMachine(ReadOnlyMemory<byte> pickle)
{
    // A checkpoint of 20,000 tensors (a large network, its average and an optimizer) takes under a million operations.
    private const int MostOperations = 4_000_000;
    private const int DeepestStack = 1_000_000;
    private const int MostMarks = 1000;
    private const int LargestMemo = 1_000_000;

    private readonly PickleCursor cursor = new(pickle);
    private readonly PickleStack stack = new(DeepestStack, MostMarks);
    private readonly Dictionary<long, object?> memo = [];

    /// <summary>Runs to the end.</summary>
    /// <returns>
    /// A number, text, truth value or null; an array for a tuple; or a <see cref="PickleDictionary"/>,
    /// <see cref="PickledTensor"/>, <see cref="PickledStorage"/>, <see cref="IgnoredValue"/>.
    /// </returns>
    /// <exception cref="FormatException">It is damaged, or asks for something that weights do not need.</exception>
    public object? Run()
    {
        if (cursor.Code() != PickleCode.Proto || cursor.Number(1) is < 2 or > 5)
            throw new FormatException("its pickle is of none of the protocols 2 to 5");

        for (int operation = 0; operation < MostOperations; operation++)
        {
            PickleCode code = cursor.Code();
            if (code == PickleCode.Stop)
                return stack.Pop();

            Step(code);
        }

        throw new FormatException($"its pickle has more than {MostOperations} operations");
    }

    private void Step(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Frame:
                cursor.Number(8);
                break;
            case PickleCode.Mark:
                stack.Mark();
                break;
            case PickleCode.Pop:
                stack.PopItemOrMark();
                break;
            case PickleCode.PopMark:
                stack.PopToMark();
                break;
            case PickleCode.Dup:
                stack.Push(stack.Peek());
                break;
            case PickleCode.Memoize:
                Remember(memo.Count);
                break;
            case PickleCode.BinPut:
                Remember(cursor.Number(1));
                break;
            case PickleCode.LongBinPut:
                Remember(cursor.Number(4));
                break;
            case PickleCode.BinGet:
                stack.Push(Recall(cursor.Number(1)));
                break;
            case PickleCode.LongBinGet:
                stack.Push(Recall(cursor.Number(4)));
                break;
            case PickleCode.Append:
                stack.Pop();
                RequireCollection();
                break;
            case PickleCode.Appends or PickleCode.AddItems:
                stack.PopToMark();
                RequireCollection();
                break;
            case PickleCode.SetItem:
                SetItems(stack.Pop(2));
                break;
            case PickleCode.SetItems:
                SetItems(stack.PopToMark());
                break;
            case PickleCode.Build:
                Build(stack.Pop());
                break;
            default:
                stack.Push(Value(code));
                break;
        }
    }

    private object? Value(PickleCode code) => code switch
    {
        PickleCode.None => null,
        PickleCode.NewTrue => true,
        PickleCode.NewFalse => false,
        PickleCode.BinInt => (long)(int)cursor.Number(4),
        PickleCode.BinInt1 => cursor.Number(1),
        PickleCode.BinInt2 => cursor.Number(2),
        PickleCode.Long1 => cursor.Integer(cursor.Number(1)),
        PickleCode.Long4 => cursor.Integer(cursor.Number(4)),
        PickleCode.BinFloat => cursor.Double(),
        PickleCode.ShortBinUnicode => cursor.Text(cursor.Number(1), Encoding.UTF8),
        PickleCode.BinUnicode => cursor.Text(cursor.Number(4), Encoding.UTF8),
        PickleCode.BinUnicode8 => cursor.Text(cursor.Number(8), Encoding.UTF8),
        PickleCode.ShortBinString => cursor.Text(cursor.Number(1), Encoding.Latin1),
        PickleCode.BinString => cursor.Text(cursor.Number(4), Encoding.Latin1),
        PickleCode.ShortBinBytes => Skip(cursor.Number(1)),
        PickleCode.BinBytes => Skip(cursor.Number(4)),
        PickleCode.BinBytes8 => Skip(cursor.Number(8)),
        PickleCode.EmptyList or PickleCode.EmptySet => IgnoredValue.Collection,
        PickleCode.EmptyDict => new PickleDictionary(),
        PickleCode.EmptyTuple => Array.Empty<object?>(),
        PickleCode.Tuple1 => stack.Pop(1),
        PickleCode.Tuple2 => stack.Pop(2),
        PickleCode.Tuple3 => stack.Pop(3),
        PickleCode.Tuple => stack.PopToMark(),
        PickleCode.Global => PickleGlobals.Find(cursor.Line(), cursor.Line()),
        PickleCode.StackGlobal => StackGlobal(stack.Pop(2)),
        PickleCode.BinPersId => Storage(stack.Pop()),
        PickleCode.NewObj => NewObject(stack.Pop(2)),
        PickleCode.Reduce => Reduce(stack.Pop(2)),
        _ => throw new FormatException($"its pickle uses the operation 0x{(byte)code:x2}, which weights do not need"),
    };

    private IgnoredValue Skip(long length)
    {
        cursor.Take(length);
        return IgnoredValue.Scalar;
    }

    private void Remember(long index)
    {
        memo[index] = stack.Peek();
        if (memo.Count > LargestMemo)
            throw new FormatException($"its pickle remembers more than {LargestMemo} values");
    }

    private object? Recall(long index) =>
        memo.TryGetValue(index, out object? value) ? value : throw new FormatException("its pickle refers to a value that is not there; it is altered");

    private void RequireCollection()
    {
        if (stack.Peek() != IgnoredValue.Collection)
            throw new FormatException("its pickle adds items to what is no list; it is altered");
    }

    private void SetItems(object?[] pairs)
    {
        if (stack.Peek() is not PickleDictionary dictionary || pairs.Length % 2 != 0)
            throw new FormatException("its pickle sets items of what is no dictionary; it is altered");

        for (int i = 0; i < pairs.Length; i += 2)
            dictionary.Set(pairs[i], pairs[i + 1]);
    }

    // The state of an OrderedDict is its attributes (torch's _metadata), of an object its fields: no weights.
    private void Build(object? state)
    {
        if (stack.Peek() is not PickleDictionary && stack.Peek() != IgnoredValue.Object)
            throw new FormatException($"its pickle gives a state to {Describe(stack.Peek())}, which weights do not need");

        if (state is not (PickleDictionary or object?[]))
            throw new FormatException("its pickle gives an object a state of an unknown form");
    }

    private static object StackGlobal(object?[] names) => names is [string module, string name]
        ? PickleGlobals.Find(module, name)
        : throw new FormatException("its pickle names something without text; it is altered");

    private static PickledStorage Storage(object? id) => id is object?[] and ["storage", PickledStorageType type, string key, string, long and >= 0 and var length]
        ? new PickledStorage(type.Type, type.ElementSize, key, length)
        : throw new FormatException("its pickle refers to something outside of it that is no storage of one of torch's plain types");

    private static IgnoredValue NewObject(object?[] call) => call is [PickleFunction.Namespace, object?[] and []]
        ? IgnoredValue.Object
        : throw new FormatException($"its pickle makes an object of {Describe(call[0])}, which weights do not need");

    private static object Reduce(object?[] call) => call switch
    {
        [PickleFunction.RebuildTensor, object?[] and [PickledStorage storage, long offset, object?[] shape, object?[] strides, bool, _, ..] arguments] when arguments.Length <= 7 =>
            PickledTensor.Create(storage, offset, Numbers(shape), Numbers(strides)),
        [PickleFunction.RebuildParameter, object?[] and [PickledTensor tensor, bool, _]] => tensor,
        [PickleFunction.OrderedDictionary, object?[] and []] => new PickleDictionary(),
        [PickleFunction.Ignored, object?[]] => IgnoredValue.Object,
        _ => throw new FormatException($"its pickle calls {Describe(call[0])} in a way that weights do not need"),
    };

    private static long[] Numbers(object?[] tuple) =>
        [.. tuple.Select(item => item is long number ? number : throw new FormatException("a tensor's shape or strides are no whole numbers"))];

    private static string Describe(object? value) => value switch
    {
        PickleFunction function => $"'{function}'",
        PickledStorageType type => $"a storage type of {type.Type}",
        PickledTensor => "a tensor",
        PickleDictionary => "a dictionary",
        string => "a text",
        null => "None",
        _ => "a value",
    };
}
