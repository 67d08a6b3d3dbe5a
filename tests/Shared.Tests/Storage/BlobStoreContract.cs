using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CloudPipe.Storage;

namespace CloudPipe.Shared.Tests.Storage;

/// <summary>What every store must do, whatever it stands on.</summary>
public abstract class BlobStoreContract : IAsyncLifetime
{
    private IBlobStore? _store;

    protected string Container { get; } = $"contract-{Guid.NewGuid():N}";

    protected IBlobStore Store => _store ?? throw new InvalidOperationException("The store is not open yet.");

    public static TheoryData<string> WeirdNames => new()
    {
        "Straße nach Süden/Kanal № 7 (Kopie).mp4",
        "管道检测 视频.mp4",
        "clip \U0001F6B0 drip.mp4",
        " leading and trailing .mp4 ",
        "percent%20encoded%2Fname%.mp4",
        "hash#question?ampersand&plus+equals=.mp4",
        "quotes'\"<>|*:;,$!^`~{}[]@.mp4",
        "-rf.mp4",
        "no extension",
        ".hidden",
        "a/b/c/d/e/f/g/h/i/j.mp4",
        new string('n', 896) + ".mp4",
        string.Concat(Enumerable.Repeat("folder of a survey/", 47)) + "clip.mp4",
    };

    public async Task InitializeAsync()
    {
        _store = Open();
        await _store.CreateContainersAsync([Container]);
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Creating_a_container_twice_keeps_what_is_in_it()
    {
        await Store.WriteBytesAsync(Path("a"), [1]);

        await Store.CreateContainersAsync([Container]);

        Assert.NotNull(await Store.FindAsync(Path("a")));
    }

    [Fact]
    public async Task A_blob_that_is_not_there_is_null_everywhere()
    {
        Assert.Null(await Store.FindAsync(Path("none")));
        Assert.Null(await Store.OpenReadAsync(Path("none")));
        Assert.Null(await Store.OpenReadAsync(Path("none"), new BlobRange(5, 5)));
        Assert.False(await Store.DeleteAsync(Path("none")));
    }

    [Fact]
    public async Task What_was_written_is_read_back_with_its_properties()
    {
        string? etag = await Store.WriteBytesAsync(Path("folder/a.bin"), [1, 2, 3]);

        await using BlobContent? content = await Store.OpenReadAsync(Path("folder/a.bin"));
        Assert.NotNull(content);
        Assert.Equal([1, 2, 3], await ReadAsync(content.Stream));
        Assert.Equal(3, content.Properties.Length);
        Assert.Equal(etag, content.Properties.ETag);
        Assert.Equal(Path("folder/a.bin"), content.Properties.Path);
        Assert.InRange(content.Properties.LastModified, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(content.Properties, await Store.FindAsync(Path("folder/a.bin")));
        Assert.Equal(content.Properties, Assert.Single((await Store.ListAsync(Container)).Blobs));
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        await Store.WriteBytesAsync(Path("empty"), []);

        Assert.Equal(0, (await Store.FindAsync(Path("empty")))?.Length);
        Assert.Empty((await Store.ReadBytesAsync(Path("empty")))!);
    }

    [Fact]
    public async Task Of_64_writers_that_create_one_wins()
    {
        IBlobStore[] stores = [Store, Open()];
        string?[] etags = await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(() =>
            stores[writer % 2].WriteBytesAsync(Path("race"), Encoding.UTF8.GetBytes($"writer {writer}"), WriteCondition.IfAbsent))));

        int winner = Array.FindIndex(etags, etag => etag is not null);
        Assert.Single(etags, etag => etag is not null);
        Assert.Equal($"writer {winner}", Encoding.UTF8.GetString((await Store.ReadBytesAsync(Path("race")))!));
        Assert.Equal(etags[winner], (await Store.FindAsync(Path("race")))?.ETag);
    }

    [Fact]
    public async Task A_write_that_matches_the_etag_replaces_the_blob()
    {
        string? first = await Store.WriteBytesAsync(Path("a"), [1]);

        string? second = await Store.WriteBytesAsync(Path("a"), [2], WriteCondition.IfMatch(first!));

        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Equal([2], await Store.ReadBytesAsync(Path("a")));
    }

    [Fact]
    public async Task A_write_with_a_stale_etag_changes_nothing()
    {
        string? first = await Store.WriteBytesAsync(Path("a"), [1]);
        await Store.WriteBytesAsync(Path("a"), [2]);

        Assert.Null(await Store.WriteBytesAsync(Path("a"), [3], WriteCondition.IfMatch(first!)));
        Assert.Equal([2], await Store.ReadBytesAsync(Path("a")));
    }

    [Fact]
    public async Task A_write_with_an_etag_does_not_create()
    {
        string? etag = await Store.WriteBytesAsync(Path("a"), [1]);
        await Store.DeleteAsync(Path("a"));

        Assert.Null(await Store.WriteBytesAsync(Path("a"), [2], WriteCondition.IfMatch(etag!)));
        Assert.Null(await Store.FindAsync(Path("a")));
    }

    [Fact]
    public async Task No_increment_of_16_racing_writers_is_lost()
    {
        IBlobStore[] stores = [Store, Open()];
        await Store.WriteBytesAsync(Path("counter"), "0"u8.ToArray());

        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            string? written = null;
            while (written is null)
            {
                await using BlobContent? content = await stores[writer % 2].OpenReadAsync(Path("counter"));
                int count = int.Parse(Encoding.UTF8.GetString(await ReadAsync(content!.Stream)), CultureInfo.InvariantCulture);
                byte[] next = Encoding.UTF8.GetBytes($"{count + 1}");
                written = await stores[writer % 2].WriteBytesAsync(Path("counter"), next, WriteCondition.IfMatch(content.Properties.ETag));
            }
        })));

        Assert.Equal("16", Encoding.UTF8.GetString((await Store.ReadBytesAsync(Path("counter")))!));
    }

    [Fact]
    public async Task Every_write_changes_the_etag_even_with_the_same_content()
    {
        var etags = new HashSet<string>();
        for (int write = 0; write < 50; write++)
        {
            Assert.True(etags.Add((await Store.WriteBytesAsync(Path("a"), [7]))!));
        }
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0, 100)]
    [InlineData(37, 1)]
    [InlineData(37, 63)]
    [InlineData(37, 1000)]
    [InlineData(37, null)]
    [InlineData(100, 1)]
    [InlineData(100, null)]
    [InlineData(5000, 10)]
    public async Task A_range_reads_its_bytes_and_no_more(long offset, int? length)
    {
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(value => (byte)value)];
        string? etag = await Store.WriteBytesAsync(Path("range"), bytes);

        await using BlobContent? content = await Store.OpenReadAsync(Path("range"), new BlobRange(offset, length));

        Assert.NotNull(content);
        Assert.Equal(bytes.Skip((int)offset).Take(length ?? int.MaxValue), await ReadAsync(content.Stream));
        Assert.Equal(etag, content.Properties.ETag);
        Assert.Equal(100, content.Properties.Length);
    }

    [Theory]
    [MemberData(nameof(WeirdNames))]
    public async Task A_name_is_kept_as_the_uploader_wrote_it(string name)
    {
        string? etag = await Store.WriteBytesAsync(Path(name), Encoding.UTF8.GetBytes(name), WriteCondition.IfAbsent);

        Assert.NotNull(etag);
        Assert.Null(await Store.WriteBytesAsync(Path(name), [0], WriteCondition.IfAbsent));
        Assert.Equal(name, Encoding.UTF8.GetString((await Store.ReadBytesAsync(Path(name)))!));
        Assert.Equal(name, Assert.Single((await Store.ListAsync(Container)).Blobs).Path.Name);
        Assert.True(await Store.DeleteAsync(Path(name)));
        Assert.Empty((await Store.ListAsync(Container)).Blobs);
    }

    [Fact]
    public async Task A_listing_is_in_ordinal_order_and_complete_in_any_page_size()
    {
        string[] names = [.. Enumerable.Range(0, 23).Select(number => $"survey/{number:00}.mp4"), "Z", "a.mp4", "a/b.mp4", "a/b/c.mp4", "a0", "b", "b-2", "b/1", "survey", "survey-old/1", new string('l', 600), "é"];
        foreach (string name in names)
        {
            await Store.WriteBytesAsync(Path(name), [1]);
        }

        foreach (int pageSize in new[] { 1, 4, 7, 5000 })
        {
            var listed = new List<string>();
            string? continuationToken = null;
            do
            {
                BlobPage page = await Store.ListAsync(Container, null, continuationToken, pageSize);
                Assert.True(page.Blobs.Count <= pageSize);
                listed.AddRange(page.Blobs.Select(blob => blob.Path.Name));
                continuationToken = page.ContinuationToken;
            }
            while (continuationToken is not null);

            Assert.Equal(names.Order(StringComparer.Ordinal), listed);
        }
    }

    [Theory]
    [InlineData("survey/", 3)]
    [InlineData("survey/1", 2)]
    [InlineData("survey", 4)]
    [InlineData("nothing", 0)]
    public async Task A_prefix_need_not_end_at_a_slash(string prefix, int expected)
    {
        foreach (string name in new[] { "survey/1", "survey/10", "survey/2", "survey2", "other/survey/1" })
        {
            await Store.WriteBytesAsync(Path(name), [1]);
        }

        Assert.Equal(expected, (await Store.ListAsync(Container, prefix)).Blobs.Count);
        Assert.Equal(expected, await Store.ListAllAsync(Container, prefix).CountAsync());
    }

    [Fact]
    public async Task A_big_blob_is_streamed_whole()
    {
        const long Length = 48L * 1024 * 1024 + 17;
        using var source = new PatternStream(Length);
        await Store.WriteAsync(Path("big"), source);

        await using BlobContent? content = await Store.OpenReadAsync(Path("big"));
        using var expected = new PatternStream(Length);
        Assert.Equal(Length, content!.Properties.Length);
        Assert.Equal(await SHA256.HashDataAsync(expected), await SHA256.HashDataAsync(content.Stream));
    }

    [Fact]
    public async Task A_reader_never_sees_a_part_of_a_write()
    {
        byte[][] contents = [.. Enumerable.Range(0, 4).Select(value => Enumerable.Repeat((byte)value, 300_000 + value).ToArray())];
        await Store.WriteBytesAsync(Path("a"), contents[0]);
        Task writing = Task.Run(async () =>
        {
            for (int write = 0; write < 24; write++)
            {
                await Store.WriteBytesAsync(Path("a"), contents[write % 4]);
            }
        });

        do
        {
            await using BlobContent? content = await Store.OpenReadAsync(Path("a"));
            byte[] read = await ReadAsync(content!.Stream);
            Assert.Equal(contents[read[0]].Length, read.Length);
            Assert.Equal(content.Properties.Length, read.Length);
            Assert.DoesNotContain(read, value => value != read[0]);
        }
        while (!writing.IsCompleted);
        await writing;
    }

    [Fact]
    public async Task A_write_whose_source_fails_leaves_what_was_there()
    {
        await Store.WriteBytesAsync(Path("old"), [1]);

        foreach (string name in new[] { "old", "new" })
        {
            using var source = new PatternStream(9_000_000, failsAt: 8_500_000);
            await Assert.ThrowsAnyAsync<IOException>(() => Store.WriteAsync(Path(name), source));
        }

        Assert.Equal([1], await Store.ReadBytesAsync(Path("old")));
        Assert.Null(await Store.FindAsync(Path("new")));
        Assert.Equal("old", Assert.Single((await Store.ListAsync(Container)).Blobs).Path.Name);
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_and_may_be_created_again()
    {
        string? first = await Store.WriteBytesAsync(Path("a"), [1]);

        Assert.True(await Store.DeleteAsync(Path("a")));
        Assert.Null(await Store.FindAsync(Path("a")));
        string? second = await Store.WriteBytesAsync(Path("a"), [1], WriteCondition.IfAbsent);
        Assert.NotNull(second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task The_read_address_serves_the_bytes_to_another_program()
    {
        await Store.WriteBytesAsync(Path("Ünï codé #1 50%.bin"), [1, 2, 3, 4]);

        Uri address = await Store.GetReadUriAsync(Path("Ünï codé #1 50%.bin"), TimeSpan.FromMinutes(5));

        Assert.Equal([2, 3], await ReadRangeAsync(address));
    }

    [Theory]
    [InlineData("plain.mp4")]
    [InlineData("Ünï codé/#1 50% & more+.mp4")]
    public async Task The_write_address_creates_a_blob_and_never_replaces_one(string name)
    {
        Uri address = await Store.GetWriteUriAsync(Path(name), TimeSpan.FromMinutes(5));

        Assert.True(await PutAsync(Path(name), address, [1, 2, 3]));
        Assert.Equal([1, 2, 3], await Store.ReadBytesAsync(Path(name)));
        Assert.False(await PutAsync(Path(name), address, [4]));
        Assert.Equal([1, 2, 3], await Store.ReadBytesAsync(Path(name)));
    }

    [Fact]
    public async Task The_write_address_ends_and_is_for_its_own_blob_only()
    {
        Uri ended = await Store.GetWriteUriAsync(Path("a.mp4"), TimeSpan.FromMinutes(-1));
        Uri other = await Store.GetWriteUriAsync(Path("b.mp4"), TimeSpan.FromMinutes(5));
        string changed = other.OriginalString.Replace("b.mp4", "a.mp4", StringComparison.Ordinal);

        Assert.False(await PutAsync(Path("a.mp4"), ended, [1]));
        Assert.False(await PutAsync(Path("a.mp4"), new Uri(changed, UriKind.RelativeOrAbsolute), [1]));
        Assert.Empty((await Store.ListAsync(Container)).Blobs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../up")]
    [InlineData("Upper")]
    [InlineData("a")]
    public async Task A_container_name_that_leads_elsewhere_is_refused(string container)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.WriteBytesAsync(new BlobPath(container, "a"), [1]));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.ListAsync(container));
    }

    [Fact]
    public async Task A_name_longer_than_Azure_allows_is_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.WriteBytesAsync(Path(new string('a', 1025)), [1]));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.WriteBytesAsync(Path(string.Empty), [1]));
    }

    /// <summary>Opens the store again, as another process would.</summary>
    protected abstract IBlobStore Open();

    /// <summary>Uploads to a write address as a program without any other access does.</summary>
    /// <returns>Whether the upload was taken.</returns>
    protected abstract Task<bool> PutAsync(BlobPath path, Uri address, byte[] content);

    protected BlobPath Path(string name) => new(Container, name);

    protected static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer);
        return buffer.ToArray();
    }

    private static async Task<byte[]> ReadRangeAsync(Uri address)
    {
        if (address.IsFile)
        {
            return (await File.ReadAllBytesAsync(address.LocalPath))[1..3];
        }

        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = new(1, 2);
        using HttpResponseMessage response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }
}
