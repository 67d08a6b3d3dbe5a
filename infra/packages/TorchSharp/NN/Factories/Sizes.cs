namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        private static long[] Repeat(long size, int dimensions) => Enumerable.Repeat(size, dimensions).ToArray();

        private static long[]? Repeat(long? size, int dimensions) => size is { } given ? Repeat(given, dimensions) : null;

        private static long[] Sizes((long, long) sizes) => [sizes.Item1, sizes.Item2];

        private static long[]? Sizes((long, long)? sizes) => sizes is { } given ? Sizes(given) : null;

        private static long[] Sizes((long, long, long) sizes) => [sizes.Item1, sizes.Item2, sizes.Item3];

        private static long[]? Sizes((long, long, long)? sizes) => sizes is { } given ? Sizes(given) : null;
    }
}
