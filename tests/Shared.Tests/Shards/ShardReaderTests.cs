using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Shards;

namespace CloudPipe.Shared.Tests.Shards;

public sealed class ShardReaderTests
{
    private static readonly SegmentManifest _manifest = new(7, 0, 10, [new FrameTime(2.5, 2.52), new FrameTime(7.5, 7.48)]);

    [Fact]
    public async Task What_was_written_is_read()
    {
        using var tar = new MemoryStream();
        await ShardWriter.WriteAsync(tar, [new ShardSegment(_manifest, [new byte[] { 1 }, new byte[] { 2, 3 }])]);
        tar.Position = 0;

        ShardSegment segment = Assert.Single(await ShardReader.ReadAsync(tar));

        Assert.Equal(_manifest.Frames, segment.Manifest.Frames);
        Assert.Equal([[1], [2, 3]], segment.Tiles.Select(tile => tile.ToArray()));
    }

    [Fact]
    public async Task Entries_follow_the_naming_of_WebDataset()
    {
        using var tar = new MemoryStream();
        await ShardWriter.WriteAsync(tar, [new ShardSegment(_manifest, [new byte[] { 1 }, new byte[] { 2 }])]);
        tar.Position = 0;
        using var reader = new TarReader(tar);
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
            names.Add(entry.Name);

        Assert.Equal(["000007.00.jpg", "000007.01.jpg", "000007.json"], names);
    }

    [Fact]
    public async Task Noise_is_refused()
    {
        byte[] noise = new byte[4096];
        new Random(1).NextBytes(noise);
        await Assert.ThrowsAsync<ShardFormatException>(() => ShardReader.ReadAsync(new MemoryStream(noise)));
    }

    [Fact]
    public async Task An_empty_shard_is_refused() => await AssertRefusedAsync("no segment");

    [Theory]
    [InlineData("../000007.00.jpg")]
    [InlineData("/etc/passwd")]
    [InlineData("000007.00.jpg.exe")]
    [InlineData("7.0.jpg")]
    public async Task Other_names_are_refused(string name) => await AssertRefusedAsync("neither a tile nor a manifest", File(name, "x"));

    [Fact]
    public async Task A_link_is_refused() =>
        await AssertRefusedAsync("neither a tile nor a manifest", new UstarTarEntry(TarEntryType.SymbolicLink, "000007.00.jpg") { LinkName = "/etc/passwd" });

    [Fact]
    public async Task A_missing_tile_is_named() => await AssertRefusedAsync("lacks tile 1 of segment 7", File("000007.00.jpg", "x"), Manifest());

    [Fact]
    public async Task A_tile_without_a_manifest_is_named() =>
        await AssertRefusedAsync("which no manifest lists", File("000007.00.jpg", "x"), File("000007.01.jpg", "x"), File("000008.00.jpg", "x"), Manifest());

    [Fact]
    public async Task A_tile_that_comes_twice_is_refused() => await AssertRefusedAsync("twice", File("000007.00.jpg", "x"), File("000007.00.jpg", "y"));

    [Fact]
    public async Task A_manifest_of_another_segment_is_refused() =>
        await AssertRefusedAsync("no manifest of segment 8", File("000008.json", JsonSerializer.Serialize(_manifest, CloudPipeJson.Options)));

    [Fact]
    public async Task A_manifest_that_is_no_json_is_refused() => await AssertRefusedAsync("is no manifest", File("000007.json", "{"));

    [Theory]
    [InlineData("00777777777", "134217727 bytes")]
    [InlineData("77777777777", "no readable tar")]
    public async Task A_tile_that_claims_to_be_huge_is_refused_before_it_is_read(string octalSize, string complaint)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
            writer.WriteEntry(File("000007.00.jpg", "x"));
        byte[] bytes = tar.ToArray();

        // The size field of a ustar header: eleven octal digits at 124; the checksum of eight digits at 148.
        Encoding.ASCII.GetBytes(octalSize).CopyTo(bytes, 124);
        "        "u8.CopyTo(bytes.AsSpan(148));
        int sum = bytes.Take(512).Sum(value => value);
        Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(bytes, 148);

        ShardFormatException exception = await Assert.ThrowsAsync<ShardFormatException>(() => ShardReader.ReadAsync(new MemoryStream(bytes)));
        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
    }

    private static UstarTarEntry File(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static UstarTarEntry Manifest() => File("000007.json", JsonSerializer.Serialize(_manifest, CloudPipeJson.Options));

    private static async Task AssertRefusedAsync(string complaint, params UstarTarEntry[] entries)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (UstarTarEntry entry in entries)
                await writer.WriteEntryAsync(entry);
        }

        tar.Position = 0;
        ShardFormatException exception = await Assert.ThrowsAsync<ShardFormatException>(() => ShardReader.ReadAsync(tar));
        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
    }
}
