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

    protected override IBlobStore Open() => AzureBlobStore.Connect(azurite.ConnectionString);
}
