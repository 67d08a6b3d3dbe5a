using System.Net;
using CloudPipe.Functions.Api.Inspections;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Functions.Tests.Api;

[Collection(AzuriteCollection.Name)]
public sealed class UploadToAzureTests(AzuriteFixture azurite) : IDisposable
{
    private readonly Bucket _bucket = new(new("CloudPipe:Storage:Kind", "azure"), new("CloudPipe:Storage:ConnectionString", azurite.ConnectionString));

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task The_address_is_the_accounts_own_and_takes_one_upload()
    {
        // The account checks the signature against its own clock.
        _bucket.Time.Now = DateTimeOffset.UtcNow;
        InspectionUpload upload = (await _bucket.Api.PostAsync("/api/inspections", """{"fileName":"Mill Lane/survey.mp4","metadata":{"manhole":"A17"}}""")).Read<InspectionUpload>();
        Assert.StartsWith("http://127.0.0.1:", upload.UploadUrl.AbsoluteUri);

        // Forbidden by the signature alone: it lets create, not replace.
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Forbidden], [await PutAsync(upload, [1, 2]), await PutAsync(upload, [3])]);

        Assert.Equal([1, 2], await _bucket.Store.ReadBytesAsync(new BlobPath(BlobContainers.Inspections, "Mill Lane/survey.mp4")));
        Assert.Equal("Mill Lane/survey.mp4", (await _bucket.Api.GetAsync(upload.StatusUrl)).Json.GetProperty("items")[0].GetProperty("blobName").GetString());
        Assert.Equal((400, "continuationToken"), await _bucket.Api.GetAsync("/api/inspections?limit=1&continuationToken=AAAA%21") is var response ? (response.Status, response.Problem.Field) : default);
    }

    private static async Task<HttpStatusCode> PutAsync(InspectionUpload upload, byte[] content)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(upload.Method), upload.UploadUrl) { Content = new ByteArrayContent(content) };
        foreach ((string name, string value) in upload.Headers)
        {
            request.Headers.Add(name, value);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
