using System.Security.Cryptography;
using CloudPipe.Datasets;
using CloudPipe.Labels;
using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Datasets;

public sealed class ShardCacheTests : IDisposable
{
    private readonly ObservedBlobStore _store = new() { IsRemote = true };
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose()
    {
        _folder.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task A_shard_is_fetched_once()
    {
        Dataset dataset = await WriteAsync(2);
        List<string> fetched = Fetched();
        ShardCache cache = Cache();

        foreach (int shard in new[] { 0, 1, 0 })
            Assert.Equal(shard, Assert.Single(await cache.ReadAsync(dataset, dataset.Shards[shard])).Manifest.SegmentIndex);

        Assert.Equal(["data/00000.tar", "data/00001.tar"], fetched);
        Assert.Empty(Directory.EnumerateFiles(_folder.File("kept"), "*.partial"));
    }

    [Fact]
    public async Task A_kept_shard_that_was_damaged_is_fetched_again()
    {
        Dataset dataset = await WriteAsync(1);
        await Cache().ReadAsync(dataset, dataset.Shards[0]);
        string kept = Assert.Single(Directory.EnumerateFiles(_folder.File("kept")));
        byte[] bytes = File.ReadAllBytes(kept);
        bytes[600] ^= 1;
        File.WriteAllBytes(kept, bytes);
        List<string> fetched = Fetched();

        await Cache().ReadAsync(dataset, dataset.Shards[0]);
        await Cache().ReadAsync(dataset, dataset.Shards[0]);

        Assert.Single(fetched);
    }

    [Fact]
    public async Task A_stored_shard_that_is_missing_or_another_is_refused()
    {
        Dataset dataset = await WriteAsync(2);
        await _store.WriteBytesAsync(Dataset.ShardPath("data", 0), [1, 2, 3]);
        await _store.DeleteAsync(Dataset.ShardPath("data", 1));

        Assert.Contains("SHA-256", (await Assert.ThrowsAsync<InvalidDataException>(() => Cache().ReadAsync(dataset, dataset.Shards[0]))).Message);
        Assert.Contains("missing", (await Assert.ThrowsAsync<InvalidDataException>(() => Cache().ReadAsync(dataset, dataset.Shards[1]))).Message);
        Assert.False(Directory.Exists(_folder.File("kept")));
    }

    [Fact]
    public async Task What_was_used_longest_ago_leaves_when_the_folder_is_full()
    {
        Dataset dataset = await WriteAsync(3);
        ShardCache cache = Cache(capacityBytes: 2 * dataset.Shards[0].Bytes);
        foreach (int shard in new[] { 0, 1, 0, 2 })
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await cache.ReadAsync(dataset, dataset.Shards[shard]);
        }

        List<string> fetched = Fetched();
        await cache.ReadAsync(dataset, dataset.Shards[0]);
        await cache.ReadAsync(dataset, dataset.Shards[2]);
        Assert.Empty(fetched);
        await cache.ReadAsync(dataset, dataset.Shards[1]);
        Assert.Equal(["data/00001.tar"], fetched);
    }

    [Fact]
    public async Task A_folder_is_read_in_place()
    {
        _store.IsRemote = false;
        Dataset dataset = await WriteAsync(1);

        await Cache().ReadAsync(dataset, dataset.Shards[0]);

        Assert.False(Directory.Exists(_folder.File("kept")));
    }

    private ShardCache Cache(long capacityBytes = long.MaxValue) => new(_store, _folder.File("kept"), capacityBytes, _time);

    private List<string> Fetched()
    {
        var fetched = new List<string>();
        _store.Before = (operation, path) =>
        {
            if (operation == "read")
                fetched.Add(path.Name);
        };
        return fetched;
    }

    private async Task<Dataset> WriteAsync(int count)
    {
        var shards = new List<DatasetShard>();
        for (int index = 0; index < count; index++)
        {
            using var tar = new MemoryStream();
            var source = new LabelledSource($"{index}.mp4", $"{index}.mp4", [index]);
            await ShardWriter.WriteAsync(tar, [new ShardSegment(new SegmentManifest(index, 0, 1, [new FrameTime(0, 0)], source), [new byte[] { 1, 2 }])]);
            await _store.WriteBytesAsync(Dataset.ShardPath("data", index), tar.ToArray());
            shards.Add(new DatasetShard(index, Convert.ToHexStringLower(SHA256.HashData(tar.ToArray())), tar.Length, [new DatasetEntry(index, source.Name, source.Labels, 1, 1)], []));
        }

        return new Dataset("data", "plan", DatasetFormat.Csv, QvPipeTaxonomy.Taxonomy, DatasetCut.Uniform(1, 16), count, 0, [], shards);
    }
}
