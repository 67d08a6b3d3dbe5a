using System.Text.Json.Serialization;
using CloudPipe.Labels;

namespace CloudPipe.GpuWorker.Training;

/// <summary>What a tile cache holds.</summary>
/// <param name="Fingerprint">Of the videos, labels and sizes that it was built from: another one means that it is out of date.</param>
/// <param name="Grid">Tiles per side of a super-image: grid² tiles a clip.</param>
/// <param name="TileSize">Width and height of a tile in pixels.</param>
/// <param name="Videos">The clips and their labels, in order.</param>
/// <param name="Skipped">Clips that could not be cut, each with the reason.</param>
public sealed record TileDatasetHeader(
    string Fingerprint,
    int Grid,
    int TileSize,
    IReadOnlyList<LabelledVideo> Videos,
    IReadOnlyDictionary<string, string> Skipped)
{
    /// <summary>Bytes of one clip's tiles.</summary>
    [JsonIgnore]
    public int SampleBytes => checked(Grid * Grid * TileSize * TileSize * 3);
}
