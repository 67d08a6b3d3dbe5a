using System.Text.Json.Serialization;
using CloudPipe.Familiarity;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Storage;

namespace CloudPipe.Ensembling;

/// <summary>What scores: immutable once published, and named.</summary>
/// <param name="Name">Its name: 1 to 64 characters of a-z, 0-9, hyphen and dot.</param>
/// <param name="Taxonomy">The classes.</param>
/// <param name="Grid">Tiles per side of a super-image.</param>
/// <param name="SegmentSeconds">The longest span that one super-image covers.</param>
/// <param name="Mean">Per channel (red, green, blue), subtracted from pixels of 0..1.</param>
/// <param name="StandardDeviation">Per channel, divides what is left.</param>
/// <param name="Members">The networks.</param>
/// <param name="PostProcessing">What follows the networks.</param>
public sealed record Release(
    string Name,
    Taxonomy Taxonomy,
    int Grid,
    double SegmentSeconds,
    IReadOnlyList<double> Mean,
    IReadOnlyList<double> StandardDeviation,
    IReadOnlyList<Member> Members,
    PostProcessing PostProcessing)
{
    /// <summary>The version of the file's form.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>How many frames of a segment are cut: a multiple of grid², of which a super-image shows every k-th; <see langword="null"/> for grid².</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Frames { get; init; }

    /// <summary>Which frames of a segment are cut.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FrameSampling Sampling { get; init; }

    /// <summary>How many frames of a segment are cut, said or not.</summary>
    [JsonIgnore]
    public int FrameCount => Frames ?? Grid * Grid;

    /// <summary>Models of the ensemble that this version cannot run; whoever loads the release says so.</summary>
    public IReadOnlyList<DeclaredModel> Declared { get; init; } = [];

    /// <summary>What footage like the training data looks like to its networks; <see langword="null"/> when the release does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FamiliarityModel? Familiarity { get; init; }

    /// <summary>Where a release lives.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string name) => new(BlobContainers.Releases, $"{name}.json");
}
