using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    public readonly struct Size : IEnumerable<long>
    {
        public static readonly Size Empty = new(Array.Empty<long>());
        private readonly long[] sizes;

        public Size(long[] shape) => sizes = (long[])shape.Clone();
        public Size(IEnumerable<long> shape) => sizes = shape.ToArray();
        public Size(int[] shape) => sizes = Array.ConvertAll(shape, size => (long)size);
        public Size(long size) => sizes = [size];
        public Size((long, long) size) => sizes = [size.Item1, size.Item2];
        public Size((long, long, long) size) => sizes = [size.Item1, size.Item2, size.Item3];
        public Size((long, long, long, long) size) => sizes = [size.Item1, size.Item2, size.Item3, size.Item4];

        public bool IsEmpty => sizes.Length == 0;
        public bool IsScalar => IsEmpty;
        public int Length => sizes.Length;
        public long[] Shape => sizes;
        public long this[int idx] => sizes[idx < 0 ? sizes.Length + idx : idx];

        public static implicit operator Size(long size) => new(size);
        public static implicit operator Size((long, long) size) => new(size);
        public static implicit operator Size((long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long) size) => new(size);
        public static implicit operator Size(long[] size) => new(size);

        public static Size operator +(Size left, Size right) => new(left.sizes.Concat(right.sizes));

        public Size Slice(int first, int next) => new(sizes[first..next]);

        public long numel() => sizes.Aggregate(1L, (product, size) => product * size);

        public override bool Equals(object? obj) => obj is Size other && sizes.SequenceEqual(other.sizes);

        public override int GetHashCode() => sizes.Aggregate(17, HashCode.Combine);

        public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)sizes).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
