using System.Text.Json.Serialization;
using CloudPipe.Inspections;

namespace CloudPipe.Ensembling;

/// <summary>
/// Other views of a super-image whose probabilities are averaged with those of the plain one, for each network by itself. Every
/// view costs a pass through each network.
/// </summary>
/// <param name="Flip">The tiles, each mirrored left to right.</param>
/// <param name="Shuffle">So many random orders of the tiles, the same for every super-image.</param>
/// <param name="Seed">Decides the orders.</param>
/// <param name="Resample">Every other frame that is cut for a tile: the first of each run, the second …</param>
public sealed record TestTimeAugmentation(bool Flip = false, int Shuffle = 0, int Seed = 0, bool Resample = false)
{
    private const int MostOrders = 64;

    /// <summary>Whether some view is another super-image than the plain one mirrored: networks that see no super-images have none.</summary>
    [JsonIgnore]
    public bool RearrangesSuperImages => Shuffle > 0 || Resample;

    /// <summary>How many views are averaged.</summary>
    /// <param name="frames">A segment's frames.</param>
    /// <returns>1 and more.</returns>
    public int CountViews(SuperImageFrames frames) => 1 + (Flip ? 1 : 0) + Shuffle + (Resample ? frames.RunLength - 1 : 0);

    /// <summary>Checks the choice.</summary>
    /// <param name="frameCount">Frames that are cut of a segment.</param>
    /// <param name="tileCount">Tiles of a super-image: grid².</param>
    /// <returns>One sentence a fault.</returns>
    public IEnumerable<string> Faults(int frameCount, int tileCount)
    {
        if (!Flip && Shuffle == 0 && !Resample)
            yield return "testTimeAugmentation names no view: set flip, shuffle or resample, or leave it out.";
        if (Shuffle is < 0 or > MostOrders)
            yield return $"testTimeAugmentation.shuffle is {Shuffle}; it must be 0 to {MostOrders} orders.";
        else if (Shuffle > 0 && tileCount < 2)
            yield return $"testTimeAugmentation.shuffle is {Shuffle}; a super-image of one tile has no other order.";
        if (Resample && frameCount <= tileCount)
            yield return $"testTimeAugmentation.resample needs several frames a tile; {frameCount} are cut for {tileCount} tiles. Sample more, densely, or leave it out.";
    }
}
