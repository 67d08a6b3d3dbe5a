namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>A view of a storage, checked: every element lies inside it, and there are no more of them than it spans.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Strides">Elements between neighbours along each axis.</param>
/// <param name="Span">Elements from the first to the last, both counted.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides, long Span)
{
    private const int MostDimensions = 16;

    /// <summary>Checks the numbers of <c>torch._utils._rebuild_tensor_v2</c>.</summary>
    /// <exception cref="FormatException">They do not fit the storage.</exception>
    public static PickledTensor Create(PickledStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || shape.Length > MostDimensions || offset < 0 || shape.Any(length => length < 0) || strides.Any(stride => stride < 0))
            throw new FormatException($"a tensor has the impossible shape [{string.Join(", ", shape.Take(MostDimensions))}], strides [{string.Join(", ", strides.Take(MostDimensions))}] and offset {offset}");

        try
        {
            checked
            {
                long count = shape.Aggregate(1L, (product, length) => checked(product * length));
                long span = count == 0 ? 0 : 1 + shape.Zip(strides, (length, stride) => checked((length - 1) * stride)).Aggregate(0L, (sum, step) => checked(sum + step));
                if (offset + span > storage.Length)
                    throw new FormatException($"a tensor of the shape [{string.Join(", ", shape)}] reaches beyond its storage '{storage.Key}' of {storage.Length} elements");

                // An expanded tensor: a small file could ask for any amount of memory.
                return count <= span
                    ? new PickledTensor(storage, offset, shape, strides, span)
                    : throw new FormatException($"a tensor of the shape [{string.Join(", ", shape)}] and strides [{string.Join(", ", strides)}] repeats elements; save it with .contiguous()");
            }
        }
        catch (OverflowException exception)
        {
            throw new FormatException($"a tensor has the impossible shape [{string.Join(", ", shape)}] and strides [{string.Join(", ", strides)}]", exception);
        }
    }

    /// <summary>Whether its elements lie row by row without a gap; axes of one element may have any stride.</summary>
    public bool IsContiguous()
    {
        long expected = 1;
        for (int axis = Shape.Length - 1; axis >= 0; axis--)
        {
            if (Shape[axis] != 1 && Strides[axis] != expected)
                return Span == 0;

            expected *= Shape[axis];
        }

        return true;
    }
}
