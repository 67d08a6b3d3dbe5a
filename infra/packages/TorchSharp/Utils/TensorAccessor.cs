using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor, read and written in place, in row-major order of its shape whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;
    private torch.Tensor? tensor;
    private T* data;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        data = (T*)tensor.DataPointer();
        this.tensor = tensor;
    }

    public long Count => tensor?.numel() ?? 0;

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => data[Offset(indices)];
        set => data[Offset(indices)] = value;
    }

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.Count == right.Count && left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public T[] ToArray()
    {
        var array = new T[Count];
        if (array.Length > 0)
            CopyTo(array.AsSpan());
        return array;
    }

    public Array ToNDArray()
    {
        T[] flat = ToArray();
        if (shape.Length < 2)
            return flat;
        Array array = Array.CreateInstance(typeof(T), shape);
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(flat.AsSpan());
        bytes.CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array), bytes.Length));
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long count = Math.Min(Count - Start(tensorIndex), array.Length - arrayIndex);
        if (contiguous)
        {
            new ReadOnlySpan<T>(data + tensorIndex, (int)count).CopyTo(array[arrayIndex..]);
            return;
        }
        var walk = new Walk(this, tensorIndex);
        for (int i = 0; i < count; i++)
            array[arrayIndex + i] = data[walk.Next()];
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long count = Math.Min(Count - Start(tensorIndex), array.Length - arrayIndex);
        if (contiguous)
        {
            array.Slice(arrayIndex, (int)count).CopyTo(new Span<T>(data + tensorIndex, (int)count));
            return;
        }
        var walk = new Walk(this, tensorIndex);
        for (int i = 0; i < count; i++)
            data[walk.Next()] = array[arrayIndex + i];
    }

    public IEnumerator<T> GetEnumerator()
    {
        long count = Count;
        if (count == 0)
            yield break;
        var walk = new Walk(this, 0);
        for (long i = 0; i < count; i++)
            yield return At(walk.Next());
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && (data == other.data || this == other);

    public override int GetHashCode() => base.GetHashCode();

    public void Dispose()
    {
        data = null;
        tensor = null;
    }

    internal static T ReadItemAt(torch.Tensor tensor, long index)
    {
        tensor.ValidateType(typeof(T));
        using var accessor = new TensorAccessor<T>(tensor);
        return accessor.data[accessor.FlatOffset(index)];
    }

    private T At(long offset) => data[offset];

    private long Start(long tensorIndex)
    {
        if (tensorIndex < 0 || tensorIndex >= Count)
            throw new ArgumentOutOfRangeException(nameof(tensorIndex));
        return tensorIndex;
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] >= Count)
                throw new IndexOutOfRangeException();
            return FlatOffset(indices[0]);
        }
        long offset = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            if (indices[i] >= shape[i] || indices[i] < 0)
                throw new IndexOutOfRangeException($"{indices[i]} >= {shape[i]} in dimension {i}.");
            offset += indices[i] * strides[i];
        }
        return offset;
    }

    private long FlatOffset(long index)
    {
        if (index < 0 || index >= Count)
            throw new ArgumentOutOfRangeException(nameof(index), $"{index} in a collection of {Count} elements.");
        if (contiguous)
            return index;
        long offset = 0;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            index = Math.DivRem(index, shape[i], out long within);
            offset += within * strides[i];
        }
        return offset;
    }

    /// <summary>The element offsets in row-major order, from a flat index on.</summary>
    private sealed class Walk
    {
        private readonly TensorAccessor<T> owner;
        private readonly long[] position;
        private long offset;

        public Walk(TensorAccessor<T> owner, long start)
        {
            this.owner = owner;
            position = new long[owner.shape.Length];
            offset = owner.FlatOffset(start);
            for (int i = position.Length - 1; i >= 0; i--)
                start = Math.DivRem(start, owner.shape[i], out position[i]);
        }

        public long Next()
        {
            long current = offset;
            for (int i = position.Length - 1; i >= 0; i--)
            {
                offset += owner.strides[i];
                if (++position[i] < owner.shape[i])
                    break;
                offset -= position[i] * owner.strides[i];
                position[i] = 0;
            }
            return current;
        }
    }
}
