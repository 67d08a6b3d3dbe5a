using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Inspections;
using CloudPipe.Storage;

namespace CloudPipe.Functions.Tests.Api;

public sealed class ResultsApiTests : IDisposable
{
    private const string Id = "film-0123456789abcdef";

    private readonly Bucket _bucket = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task A_result_is_the_file_of_the_bucket_under_its_own_ETag()
    {
        string etag = (await _bucket.Store.WriteJsonAsync(InspectionResult.PathOf(Id), Results.Completed(Id)))!;

        ApiResponse response = await _bucket.Api.GetAsync($"/api/results/{Id}");

        Assert.Equal(await _bucket.Store.ReadBytesAsync(InspectionResult.PathOf(Id)), response.Body);
        Assert.Equal($"\"{etag}\"", response.Headers.ETag);
        Assert.Empty(response.Headers.Link.ToString());
        Assert.Equal(304, (await _bucket.Api.GetAsync($"/api/results/{Id}", ("If-None-Match", $"\"{etag}\""))).Status);
    }

    [Fact]
    public async Task A_result_links_to_its_report_which_is_a_page()
    {
        await _bucket.Store.WriteJsonAsync(InspectionResult.PathOf(Id), Results.Completed(Id));
        await _bucket.Store.WriteBytesAsync(InspectionResult.ReportPathOf(Id), "<html>"u8.ToArray());

        ApiResponse result = await _bucket.Api.GetAsync($"/api/results/{Id}");
        ApiResponse report = await _bucket.Api.GetAsync($"/api/results/{Id}/report");

        Assert.Equal($"</api/results/{Id}/report>; rel=\"alternate\"; type=\"text/html\"", result.Headers.Link);
        Assert.Equal((200, "text/html; charset=utf-8"), (report.Status, report.ContentType));
        Assert.Equal("<html>"u8.ToArray(), report.Body);
        Assert.Equal("nosniff", report.Headers.XContentTypeOptions);
    }

    [Theory]
    [InlineData("/api/results/unknown-1")]
    [InlineData("/api/results/unknown-1/report")]
    [InlineData("/api/results/..%2Finspections%2Fa")]
    [InlineData("/api/results/Film")]
    public async Task What_is_not_there_is_not_found(string url) => Assert.Equal(404, (await _bucket.Api.GetAsync(url)).Status);
}
