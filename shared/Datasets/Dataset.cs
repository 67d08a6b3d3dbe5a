using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using CloudPipe.Labels;
using CloudPipe.Storage;

namespace CloudPipe.Datasets;

/// <summary>A data set that was cut for training, as <c>datasets/&lt;name&gt;/dataset.json</c> says. Immutable.</summary>
/// <param name="Name">Its name: 1 to 64 characters of a-z, 0-9, hyphen and dot.</param>
/// <param name="Plan">Names what was to be cut: labels, files and cut. Another import under this name must have the same.</param>
/// <param name="Format">How its labels were written.</param>
/// <param name="Taxonomy">The classes.</param>
/// <param name="Cut">How it was cut.</param>
/// <param name="SampleCount">How many samples the shards hold.</param>
/// <param name="SkippedCount">How many samples could not be cut.</param>
/// <param name="ClassCounts">How many samples each class has.</param>
/// <param name="Shards">The shards, in order.</param>
public sealed record Dataset(
    string Name,
    string Plan,
    DatasetFormat Format,
    Taxonomy Taxonomy,
    DatasetCut Cut,
    int SampleCount,
    int SkippedCount,
    IReadOnlyList<int> ClassCounts,
    IReadOnlyList<DatasetShard> Shards)
{
    /// <summary>Every sample, in order of the keys.</summary>
    [JsonIgnore]
    public IEnumerable<DatasetEntry> Samples => Shards.SelectMany(shard => shard.Samples);

    /// <summary>Every sample that could not be cut.</summary>
    [JsonIgnore]
    public IEnumerable<SkippedSample> Skipped => Shards.SelectMany(shard => shard.Skipped);

    /// <summary>Where a data set's description lives.</summary>
    /// <param name="name">The data set.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string name) => PathOf(name, "dataset.json");

    /// <summary>Where a file of a data set lives.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="file">The file's name.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string name, string file) => new(BlobContainers.Datasets, $"{name}/{file}");

    /// <summary>Where a data set's shard lives.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="shardIndex">The shard, from 0.</param>
    /// <returns>The blob.</returns>
    public static BlobPath ShardPath(string name, int shardIndex) => PathOf(name, $"{shardIndex:D5}.tar");

    /// <summary>Names the content: the same frames and labels give the same text wherever they were imported.</summary>
    /// <returns>A SHA-256, in hexadecimal.</returns>
    public string ComputeHash() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Shards.Select(shard => shard.Sha256)))));
}
