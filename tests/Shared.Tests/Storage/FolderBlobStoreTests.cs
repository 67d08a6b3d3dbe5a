using System.Text;
using CloudPipe.Storage;
using CloudPipe.Storage.Folder;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Storage;

public sealed class FolderBlobStoreTests : BlobStoreContract
{
    private readonly TemporaryFolder _folder = new();

    private string Root => _folder.File("root");

    public static TheoryData<string> NamesThatNoFileHas => new()
    {
        "../outside.mp4",
        "..",
        ".",
        "a/../../../outside.mp4",
        "a/./b",
        "/absolute.mp4",
        "a//b",
        "a/",
        "/",
        "..\\outside.mp4",
        "back\\slash.mp4",
        "line\nbreak\u0001.mp4",
        "nul\0.mp4",
        ".cloudpipe/locks/00",
        ".cloudpipe/names/x",
        "a+/b+",
        new string('.', 1024),
        new string('\u7BA1', 1024),
        string.Concat(Enumerable.Repeat("\U0001F6B0", 512)),
        "long/" + new string('x', 256),
    };

    public override Task DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(NamesThatNoFileHas))]
    public async Task A_name_that_no_file_can_have_stays_inside_the_root(string name)
    {
        string? etag = await Store.WriteBytesAsync(Path(name), Encoding.UTF8.GetBytes(name), WriteCondition.IfAbsent);

        Assert.NotNull(etag);
        Assert.Equal(name, Encoding.UTF8.GetString((await Open().ReadBytesAsync(Path(name)))!));
        Assert.Equal([name], await Store.ListAllAsync(Container).Select(blob => blob.Path.Name).ToListAsync());
        Assert.Equal(["root"], Directory.EnumerateFileSystemEntries(_folder.FullPath).Select(System.IO.Path.GetFileName));
        Assert.Equal([Container], Directory.EnumerateFileSystemEntries(Root).Select(System.IO.Path.GetFileName));
        Uri address = await Store.GetReadUriAsync(Path(name), TimeSpan.FromMinutes(1));
        Assert.Equal(name, await File.ReadAllTextAsync(address.LocalPath));
        Assert.True(await Store.DeleteAsync(Path(name)));
        Assert.Null(await Store.FindAsync(Path(name)));
    }

    [Fact]
    public async Task A_person_finds_a_blob_under_its_name()
    {
        await Store.WriteBytesAsync(Path("site 4/clip.mp4"), [1, 2]);

        Assert.Equal([1, 2], await File.ReadAllBytesAsync(FileOf("site 4/clip.mp4")));
    }

    [Fact]
    public async Task A_file_dropped_by_hand_is_a_blob()
    {
        Directory.CreateDirectory(FileOf("site"));
        await File.WriteAllBytesAsync(FileOf("site/odd\\name\n.mp4"), [5]);

        BlobProperties listed = Assert.Single((await Store.ListAsync(Container)).Blobs);
        Assert.Equal("site/odd\\name\n.mp4", listed.Path.Name);
        Assert.Equal([5], await Store.ReadBytesAsync(listed.Path));
        Assert.Null(await Store.WriteBytesAsync(listed.Path, [6], WriteCondition.IfAbsent));
        Assert.NotNull(await Store.WriteBytesAsync(listed.Path, [6], WriteCondition.IfMatch(listed.ETag)));
        Assert.Equal([6], await File.ReadAllBytesAsync(FileOf("site/odd\\name\n.mp4")));
    }

    [Fact]
    public async Task The_etag_of_a_dropped_file_follows_its_content_and_survives_a_restart()
    {
        await File.WriteAllBytesAsync(FileOf("a.mp4"), [1]);
        string? first = (await Store.FindAsync(Path("a.mp4")))?.ETag;

        Assert.Equal(first, (await Open().FindAsync(Path("a.mp4")))?.ETag);
        await File.AppendAllBytesAsync(FileOf("a.mp4"), [2]);
        string? longer = (await Store.FindAsync(Path("a.mp4")))?.ETag;
        Assert.NotEqual(first, longer);

        // The same length and the same time, but another file: moved over the old one.
        DateTime time = File.GetLastWriteTimeUtc(FileOf("a.mp4"));
        await File.WriteAllBytesAsync(_folder.File("other"), [3, 4]);
        File.SetLastWriteTimeUtc(_folder.File("other"), time);
        File.Move(_folder.File("other"), FileOf("a.mp4"), overwrite: true);
        Assert.NotEqual(longer, (await Store.FindAsync(Path("a.mp4")))?.ETag);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_is_read_at_its_known_length()
    {
        await File.WriteAllBytesAsync(FileOf("a.mp4"), [1, 2]);

        await using BlobContent? content = await Store.OpenReadAsync(Path("a.mp4"));
        await File.AppendAllBytesAsync(FileOf("a.mp4"), [3]);

        Assert.Equal([1, 2], await ReadAsync(content!.Stream));
        Assert.Equal(2, content.Properties.Length);
    }

    [Fact]
    public async Task Links_are_neither_followed_nor_listed_nor_written_through()
    {
        string secret = _folder.File("secret.txt");
        await File.WriteAllTextAsync(secret, "secret");
        Directory.CreateDirectory(_folder.File("elsewhere"));
        await File.WriteAllTextAsync(System.IO.Path.Combine(_folder.File("elsewhere"), "b.mp4"), "secret");
        File.CreateSymbolicLink(FileOf("a.mp4"), secret);
        Directory.CreateSymbolicLink(FileOf("linked"), _folder.File("elsewhere"));

        Assert.Empty((await Store.ListAsync(Container)).Blobs);
        Assert.Null(await Store.OpenReadAsync(Path("a.mp4")));
        Assert.Null(await Store.FindAsync(Path("linked/b.mp4")));
        Assert.NotNull(await Store.WriteBytesAsync(Path("a.mp4"), [1]));
        Assert.NotNull(await Store.WriteBytesAsync(Path("linked/b.mp4"), [1]));
        Assert.Equal("secret", await File.ReadAllTextAsync(secret));
        Assert.Equal("secret", await File.ReadAllTextAsync(System.IO.Path.Combine(_folder.File("elsewhere"), "b.mp4")));
        Assert.Equal([1], await Store.ReadBytesAsync(Path("linked/b.mp4")));
    }

    [Fact]
    public async Task A_blob_and_a_folder_of_the_same_name_live_together()
    {
        foreach (string name in new[] { "a", "a/b", "a/b/c", "d/e", "d" })
        {
            Assert.NotNull(await Store.WriteBytesAsync(Path(name), Encoding.UTF8.GetBytes(name), WriteCondition.IfAbsent));
        }

        Assert.Equal(["a", "a/b", "a/b/c", "d", "d/e"], await Store.ListAllAsync(Container).Select(blob => blob.Path.Name).ToListAsync());
        Assert.Equal("a/b/c", Encoding.UTF8.GetString((await Store.ReadBytesAsync(Path("a/b/c")))!));
    }

    [Fact]
    public async Task What_a_dead_writer_left_is_invisible_and_swept_once_it_is_old()
    {
        string leftovers = FileOf(".cloudpipe/temporary");
        Directory.CreateDirectory(leftovers);
        await File.WriteAllBytesAsync(System.IO.Path.Combine(leftovers, "old"), [1]);
        await File.WriteAllBytesAsync(System.IO.Path.Combine(leftovers, "young"), [1]);
        File.SetLastWriteTimeUtc(System.IO.Path.Combine(leftovers, "old"), DateTime.UtcNow.AddHours(-2));

        Assert.Empty((await Store.ListAsync(Container)).Blobs);
        await Open().CreateContainersAsync([Container]);

        Assert.Equal(["young"], Directory.EnumerateFiles(leftovers).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public async Task A_finished_write_leaves_no_temporary_file()
    {
        await Store.WriteBytesAsync(Path("a"), [1]);
        await Store.WriteBytesAsync(Path("a"), [1], WriteCondition.IfMatch("stale"));

        Assert.Empty(Directory.EnumerateFiles(FileOf(".cloudpipe/temporary")));
    }

    [Fact]
    public async Task An_upload_address_is_taken_by_every_process_on_the_bucket_and_its_key_is_the_owners_alone()
    {
        Uri address = await Store.GetWriteUriAsync(Path("a.mp4"), TimeSpan.FromMinutes(5));

        Assert.StartsWith($"/api/uploads/{Container}/a.mp4?expires=", address.OriginalString);
        Assert.True(Takes(Open(), Path("a.mp4"), address));
        string key = System.IO.Path.Combine(Root, ".cloudpipe", "upload.key");
        Assert.Equal(32, new FileInfo(key).Length);
        Assert.True(OperatingSystem.IsLinux() && File.GetUnixFileMode(key) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal(["upload.key"], Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(key)!).Select(System.IO.Path.GetFileName));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("99999999999", "AAAA")]
    [InlineData("99999999999", "not base64 !")]
    [InlineData("-1", null)]
    public void An_upload_address_that_was_not_given_out_is_refused(string? expires, string? signature) =>
        Assert.False(((FolderBlobStore)Store).Uploads.Allows(Path("a.mp4"), expires, signature));

    protected override async Task<bool> PutAsync(BlobPath path, Uri address, byte[] content) =>
        Takes(Store, path, address) && await Store.WriteBytesAsync(path, content, WriteCondition.IfAbsent) is not null;

    protected override IBlobStore Open() => new FolderBlobStore(Root);

    // What the server does with an address: its path names the blob, its parameters sign that.
    private static bool Takes(IBlobStore store, BlobPath path, Uri address)
    {
        var absolute = new Uri(new Uri("http://localhost"), address);
        Assert.Equal($"/{FolderUploads.RoutePrefix}/{path}", Uri.UnescapeDataString(absolute.AbsolutePath));
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(absolute.Query);
        return ((FolderBlobStore)store).Uploads.Allows(path, query[FolderUploads.ExpiresParameter], query[FolderUploads.SignatureParameter]);
    }

    private string FileOf(string name) => System.IO.Path.Combine(Root, Container, name);
}
