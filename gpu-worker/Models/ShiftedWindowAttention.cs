using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// Multi-head attention within each window of a feature map <c>[N, H, W, C]</c>, with a learnt bias for each offset between
/// two tokens; section 3.2 of the paper. Windows are shifted by rolling the feature map, and tokens that come together from
/// opposite edges are kept apart by a mask (figure 4).
/// </summary>
internal sealed class ShiftedWindowAttention : nn.Module<Tensor, Tensor>, ICountedProducts
{
    private const int HeadWidth = 32;

    // What both references add to the score of a pair that is kept apart.
    private const double Apart = -100;

    private readonly int headCount;
    private readonly TokenSize fullShift;
    private readonly bool padsBeforeShift;
    private readonly Parameter relative_position_bias_table; // [(2·height - 1)·(2·width - 1) offsets, heads]
    private readonly PointwiseConvolution qkv;
    private readonly PointwiseConvolution proj;

    public ShiftedWindowAttention(int width, TokenSize window, TokenSize shift, bool padsBeforeShift)
        : base(nameof(ShiftedWindowAttention))
    {
        headCount = width / HeadWidth;
        Window = window;
        fullShift = shift;
        this.padsBeforeShift = padsBeforeShift;
        relative_position_bias_table = new Parameter(zeros(((2 * window.Height) - 1) * ((2 * window.Width) - 1), headCount));
        qkv = new PointwiseConvolution(width, 3 * width, fourDimensional: false);
        proj = new PointwiseConvolution(width, width, fourDimensional: false);
        RegisterComponents();
    }

    public TokenSize Window { get; }

    public Parameter PositionTable => relative_position_bias_table;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        (long height, long width) = (input.shape[1], input.shape[2]);
        (long bottom, long right) = Padding(height, width);
        TokenSize shift = Shift(height + bottom, width + right);
        Tensor context = padsBeforeShift
            ? Crop(Roll(Attend(Roll(Pad(input, bottom, right), -shift.Height, -shift.Width), shift), shift.Height, shift.Width), height, width)
            : Roll(Crop(Attend(Pad(Roll(input, -shift.Height, -shift.Width), bottom, right), shift), height, width), shift.Height, shift.Width);

        // The references project before they put the windows back: the same for each token, but also for those of the padding.
        return proj.call(context.permute(0, 3, 1, 2)).permute(0, 2, 3, 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public double MultiplyAccumulates(Tensor input)
    {
        (long height, long width) = (input.shape[1], input.shape[2]);
        (long bottom, long right) = Padding(height, width);
        double tokens = (double)input.shape[0] * (height + bottom) * (width + right);

        // Each token's query with every key of its window, and each score with every value.
        return 2 * tokens * Window.Area * input.shape[3];
    }

    private (long Bottom, long Right) Padding(long height, long width) =>
        ((Window.Height - (height % Window.Height)) % Window.Height, (Window.Width - (width % Window.Width)) % Window.Width);

    // torchvision decides here that a window which covers an axis is not shifted along it, timm has done so for the nominal size.
    private TokenSize Shift(long height, long width) => padsBeforeShift
        ? new(Window.Height < height ? fullShift.Height : 0, Window.Width < width ? fullShift.Width : 0)
        : fullShift;

    private static Tensor Roll(Tensor input, long down, long right) =>
        down == 0 && right == 0 ? input : input.roll([down, right], [1, 2]);

    private static Tensor Pad(Tensor input, long bottom, long right) =>
        bottom == 0 && right == 0 ? input : nn.functional.pad(input, [0, 0, 0, right, 0, bottom]);

    private static Tensor Crop(Tensor input, long height, long width) =>
        input.shape[1] == height && input.shape[2] == width ? input : input.narrow(1, 0, height).narrow(2, 0, width);

    /// <summary>What each token of <c>[N, H, W, C]</c>, H and W whole windows, takes from its window.</summary>
    private Tensor Attend(Tensor input, TokenSize shift)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long rows, long columns) = (input.shape[0], input.shape[1] / Window.Height, input.shape[2] / Window.Width);
        Tensor parts = QueriesKeysAndValues(input, rows, columns);
        Tensor weights = Weights(parts.select(0, 0), parts.select(0, 1), rows, columns, shift);
        return weights.matmul(parts.select(0, 2)) // [N·windows, heads, tokens, 32]
            .reshape(batch, rows, columns, headCount, Window.Height, Window.Width, HeadWidth)
            .permute(0, 1, 4, 2, 5, 3, 6)
            .reshape(input.shape)
            .MoveToOuterDisposeScope();
    }

    /// <summary>One copy splits them, the heads and the windows: <c>[3, N·windows, heads, tokens, 32]</c>.</summary>
    private Tensor QueriesKeysAndValues(Tensor input, long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        return qkv.call(input.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
            .reshape(input.shape[0], rows, Window.Height, columns, Window.Width, 3, headCount, HeadWidth)
            .permute(5, 0, 1, 3, 6, 2, 4, 7)
            .reshape(3, input.shape[0] * rows * columns, headCount, Window.Area, HeadWidth)
            .MoveToOuterDisposeScope();
    }

    /// <summary>How much each token takes from each: <c>[N·windows, heads, tokens, tokens]</c>.</summary>
    private Tensor Weights(Tensor queries, Tensor keys, long rows, long columns, TokenSize shift)
    {
        using DisposeScope scope = NewDisposeScope();
        // In place: no gradient needs the product itself.
        Tensor scores = queries.matmul(keys.transpose(2, 3)).mul_(1 / Math.Sqrt(HeadWidth)).add_(PositionBias());
        if (!shift.IsZero)
            KeepApart(scores.detach().reshape(-1, rows, columns, headCount, Window.Area, Window.Area), shift); // adding a constant leaves gradients as they are

        return scores.softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The table's entry for each pair of tokens, <c>[heads, tokens, tokens]</c>. Where the references gather by an index,
    /// sliding windows over the table give the same, deterministic in both directions and with no state to move along.
    /// </summary>
    private Tensor PositionBias()
    {
        using DisposeScope scope = NewDisposeScope();
        return relative_position_bias_table
            .reshape((2 * Window.Height) - 1, (2 * Window.Width) - 1, headCount)
            .unfold(0, Window.Height, 1)
            .unfold(1, Window.Width, 1) // [height, width, heads, height, width]: at (i, j, head, k, l) the entry (i + k, j + l)
            .flip(3, 4) // the entry (i - k + height - 1, j - l + width - 1): that of the offset from the key to the query
            .permute(2, 0, 1, 3, 4)
            .reshape(headCount, Window.Area, Window.Area)
            .MoveToOuterDisposeScope();
    }

    // The roll brings what was above the first row below the last, within the last row of windows; columns likewise. Elsewhere
    // nothing is masked, whatever the size of the feature map.
    private void KeepApart(Tensor scores, TokenSize shift)
    {
        using DisposeScope scope = NewDisposeScope();
        (long rows, long columns) = (scores.shape[1], scores.shape[2]);
        Tensor fromAbove = Moved(Window.Height, shift.Height, scores.device).unsqueeze(1).expand(Window.Height, Window.Width).flatten(); // [tokens]
        Tensor fromLeft = Moved(Window.Width, shift.Width, scores.device).expand(Window.Height, Window.Width).flatten();
        Tensor apartInRow = fromAbove.unsqueeze(0).ne(fromAbove.unsqueeze(1)); // [tokens, tokens]
        Tensor apartInColumn = fromLeft.unsqueeze(0).ne(fromLeft.unsqueeze(1));
        scores.narrow(1, rows - 1, 1).narrow(2, 0, columns - 1).add_(apartInRow, Apart);
        scores.narrow(1, 0, rows - 1).narrow(2, columns - 1, 1).add_(apartInColumn, Apart);
        scores.narrow(1, rows - 1, 1).narrow(2, columns - 1, 1).add_(apartInRow.logical_or(apartInColumn), Apart);
    }

    private static Tensor Moved(int windowLength, int shift, Device device) => arange(windowLength, device: device).ge(windowLength - shift);
}
