using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Storage;

[Collection(AzuriteCollection.Name)]
public sealed class AzureBlobStoreTests(AzuriteFixture azurite) : BlobStoreContract
{
    [Theory]
    [InlineData("../up.mp4")]
    [InlineData("a/./b")]
    [InlineData("back\\slash")]
    [InlineData("line\nbreak")]
    public async Task A_name_that_the_service_would_change_is_refused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.WriteBytesAsync(Path(name), [1]));

    [Fact]
    public async Task The_read_address_is_for_reading_only_and_ends()
    {
        await Store.WriteBytesAsync(Path("a"), [1]);
        using var client = new HttpClient();

        Uri address = await Store.GetReadUriAsync(Path("a"), TimeSpan.FromMinutes(5));
        Uri ended = await Store.GetReadUriAsync(Path("a"), TimeSpan.FromMinutes(-1));

        Assert.False((await client.DeleteAsync(address)).IsSuccessStatusCode);
        Assert.False((await client.GetAsync(ended)).IsSuccessStatusCode);
        Assert.True((await client.GetAsync(address)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_write_address_reads_and_deletes_nothing()
    {
        await Store.WriteBytesAsync(Path("a"), [1]);
        using var client = new HttpClient();

        Uri address = await Store.GetWriteUriAsync(Path("a"), TimeSpan.FromMinutes(5));

        Assert.Contains("&sp=c&", address.Query, StringComparison.Ordinal);
        Assert.False((await client.GetAsync(address)).IsSuccessStatusCode);
        Assert.False((await client.DeleteAsync(address)).IsSuccessStatusCode);
    }

    protected override async Task<bool> PutAsync(BlobPath path, Uri address, byte[] content)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new ByteArrayContent(content) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        request.Headers.Add("If-None-Match", "*");
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    protected override IBlobStore Open() => AzureBlobStore.Connect(azurite.ConnectionString);
}
