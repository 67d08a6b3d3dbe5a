using System.Text.Json.Serialization;
using CloudPipe.Labels;

namespace CloudPipe.GpuWorker.Training;

/// <summary>What a tile cache holds.</summary>
/// <param name="Fingerprint">Of the videos, labels and sizes that it was built from: another one means that it is out of date.</param>
/// <param name="Grid">Tiles per side of a super-image: grid² tiles a clip.</param>
/// <param name="TileSize">Width and height of a tile in pixels.</param>
/// <param name="Videos">The clips and their labels, in order.</param>
/// <param name="Frames">
/// Tiles that are stored of each clip: grid², a multiple of it, or 1 where the clips are images. 0, in a file of before there
/// was a choice, is grid².
/// </param>
public sealed record TileDatasetHeader(
    string Fingerprint,
    int Grid,
    int TileSize,
    IReadOnlyList<LabelledVideo> Videos,
    int Frames = 0)
{
    /// <summary>Tiles that are stored of each clip.</summary>
    [JsonIgnore]
    public int StoredTiles => Frames == 0 ? Grid * Grid : Frames;

    /// <summary>Bytes of one tile.</summary>
    [JsonIgnore]
    public int TileBytes => checked(TileSize * TileSize * 3);

    /// <summary>Bytes that are stored of each clip.</summary>
    [JsonIgnore]
    public int StoredBytes => checked(StoredTiles * TileBytes);

    /// <summary>Bytes of one clip's grid² tiles.</summary>
    [JsonIgnore]
    public int SampleBytes => checked(Grid * Grid * TileBytes);
}
