using CloudPipe.GpuWorker.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>
/// Tables of biases by the offset between two tokens of an attention window, <c>[(2·height - 1)·(2·width - 1), heads]</c>, as
/// Swin Transformers have them.
/// </summary>
internal static class RelativePositionTable
{
    /// <summary>Whether a table can be made into another: a square window's, of as many heads.</summary>
    /// <param name="found">The shape that there is.</param>
    /// <param name="expected">The shape that is wanted.</param>
    /// <returns>Whether <see cref="Resize"/> does it.</returns>
    public static bool CanResize(IReadOnlyList<long> found, IReadOnlyList<long> expected) =>
        found.Count == 2 && expected.Count == 2 && found[1] == expected[1] && IsSquareWindow(found[0]);

    /// <summary>
    /// Makes a square window's table into one for another window. Near offsets keep their biases nearly, and what is beyond
    /// comes from offsets whose steps grow by a factor: that of timm's checkpoint filter for Swin (v1.0.28,
    /// <c>resize_rel_pos_bias_table</c> in <c>timm/layers/pos_embed_rel.py</c>), after BEiT, interpolated linearly.
    /// </summary>
    /// <param name="table">The table; it stays as it is.</param>
    /// <param name="window">The window that the result is for.</param>
    /// <returns>A table of the same element type and device; a copy where the number of offsets is the same.</returns>
    /// <exception cref="ArgumentException">The table is no square window's.</exception>
    public static Tensor Resize(Tensor table, TokenSize window)
    {
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        (int rows, int columns) = ((2 * window.Height) - 1, (2 * window.Width) - 1);
        if (table.shape[0] == rows * columns)
            return table.clone().MoveToOuterDisposeScope();

        int side = Side(table.shape[0]);
        if (!IsSquareWindow(table.shape[0]))
            throw new ArgumentException($"A table of {table.shape[0]} relative positions is no square window's, so that it cannot be resized to a window of {window.Height}×{window.Width}.", nameof(table));

        Tensor vertical = Interpolation(side, rows).to(table.device); // [rows, side]
        Tensor horizontal = Interpolation(side, columns).to(table.device); // [columns, side]
        Tensor byColumn = vertical.matmul(table.to_type(ScalarType.Float64).reshape(side, -1)).reshape(rows, side, -1); // [rows, side, heads]
        return horizontal.matmul(byColumn) // [rows, columns, heads]
            .reshape(rows * columns, -1)
            .to_type(table.dtype)
            .MoveToOuterDisposeScope();
    }

    private static int Side(long offsets) => (int)Math.Sqrt(offsets);

    // An edge of w tokens has 2·w - 1 offsets.
    private static bool IsSquareWindow(long offsets) => Side(offsets) is var side && side % 2 == 1 && (long)side * side == offsets;

    /// <summary>The weights of each old offset in each new one along one axis: linear between two, an end's own beyond it.</summary>
    private static Tensor Interpolation(int oldCount, int newCount)
    {
        if (oldCount == 1)
            return ones(newCount, 1, dtype: ScalarType.Float64);

        double[] positions = Positions(oldCount / 2, newCount / 2);
        double[,] weights = new double[newCount, oldCount];
        for (int i = 0; i < newCount; i++)
        {
            double offset = Math.Clamp(i - (newCount / 2), positions[0], positions[^1]);
            int right = Math.Max(1, Array.FindIndex(positions, position => position >= offset));
            double share = (offset - positions[right - 1]) / (positions[right] - positions[right - 1]);
            weights[i, right - 1] = 1 - share;
            weights[i, right] = share;
        }

        return tensor(weights);
    }

    /// <summary>
    /// Where the old offsets -n … n lie among the new: 0, ±1, ±(1 + q), ±(1 + q + q²) …, with the q that brings the outermost
    /// to the outermost new one. timm's bounds for q: 1.01, so that a table shrinks by losing its edge, and 1.5.
    /// </summary>
    private static double[] Positions(int oldReach, int newReach)
    {
        const double Precision = 1e-6;
        (double low, double high) = (1.01, 1.5);
        double factor = low;
        while (high - low > Precision)
        {
            factor = (low + high) / 2;
            double reach = (1 - Math.Pow(factor, oldReach)) / (1 - factor);
            (low, high) = reach > newReach ? (low, factor) : (factor, high);
        }

        var positions = new List<double> { 0 };
        for (int i = 0; i < oldReach; i++)
            positions.Add(positions[^1] + Math.Pow(factor, i));

        return [.. positions.Skip(1).Reverse().Select(position => -position), .. positions];
    }
}
