using System.Buffers;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Inspections;

namespace CloudPipe.GpuWorker.SuperImages;

/// <summary>One way to show a segment to a network.</summary>
/// <param name="IsMirrored">Whether each tile is mirrored left to right.</param>
/// <param name="Order">The tile that stands at each place; <see langword="null"/> for the order of time.</param>
/// <param name="FramePlace">The place in its run of the frame that each tile shows; <see langword="null"/> for the middle.</param>
internal sealed record SuperImageView(bool IsMirrored = false, IReadOnlyList<int>? Order = null, int? FramePlace = null)
{
    /// <summary>The tiles as they are.</summary>
    public static readonly SuperImageView Plain = new();

    /// <summary>The views whose probabilities are averaged.</summary>
    /// <param name="augmentation">Which; <see langword="null"/> for the plain one alone.</param>
    /// <param name="frames">A segment's frames.</param>
    /// <param name="tileCount">Tiles of a super-image: grid².</param>
    /// <returns>The plain view first.</returns>
    public static IReadOnlyList<SuperImageView> Of(TestTimeAugmentation? augmentation, SuperImageFrames frames, int tileCount)
    {
        if (augmentation is null)
            return [Plain];

        var random = new CounterRandom((ulong)augmentation.Seed);
        IEnumerable<int> otherPlaces = augmentation.Resample ? Enumerable.Range(0, frames.RunLength).Where(place => place != frames.Middle) : [];
        return
        [
            Plain,
            .. augmentation.Flip ? [new SuperImageView(IsMirrored: true)] : Array.Empty<SuperImageView>(),
            .. Enumerable.Range(0, augmentation.Shuffle).Select(index => new SuperImageView(Order: random.At(index).Permutation(tileCount))),
            .. otherPlaces.Select(place => new SuperImageView(FramePlace: place)),
        ];
    }

    /// <summary>Orders and mirrors tiles that were read in order of time, in place.</summary>
    /// <param name="tiles">Red, green and blue bytes, <c>[grid², tileSize, tileSize, 3]</c>.</param>
    /// <param name="tileSize">Width and height of a tile in pixels.</param>
    public void Arrange(Span<byte> tiles, int tileSize)
    {
        if (Order is null && !IsMirrored)
            return;

        byte[] source = ArrayPool<byte>.Shared.Rent(tiles.Length);
        tiles.CopyTo(source);
        TileArrangement.Copy(source, tiles, tileSize, Order, IsMirrored);
        ArrayPool<byte>.Shared.Return(source);
    }
}
