using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.Functions.Api.Inspections;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Inspections;
using CloudPipe.Progress;
using CloudPipe.Storage;
using CloudPipe.Storage.Folder;
using Microsoft.AspNetCore.WebUtilities;

namespace CloudPipe.Functions.Tests.Api;

public sealed class InspectionsApiTests : IDisposable
{
    private readonly Bucket _bucket = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task A_new_inspection_has_its_sidecar_before_its_video_and_an_address_to_upload_to()
    {
        await _bucket.Store.WriteBytesAsync(Release.PathOf("fine"), "{}"u8.ToArray());

        ApiResponse response = await _bucket.Api.PostAsync(
            "/api/inspections", """{"fileName":"Mill Lane/A 17.mp4","release":"fine","segmentSeconds":30,"metadata":{"street":"Straße 7"}}""");

        Assert.Equal(201, response.Status);
        InspectionUpload upload = response.Read<InspectionUpload>();
        Assert.Equal("Mill Lane/A 17.mp4", upload.BlobName);
        Assert.StartsWith("https://api.example/api/uploads/inspections/Mill%20Lane/A%2017.mp4?", upload.UploadUrl.AbsoluteUri);
        Assert.Equal(_bucket.Time.Now + TimeSpan.FromHours(1), upload.ExpiresAt);
        Assert.Equal("BlockBlob", upload.Headers["x-ms-blob-type"]);
        Assert.Equal("/api/inspections?name=Mill%20Lane%2FA%2017.mp4", response.Headers.Location);
        Assert.Equal("no-store", response.Headers.CacheControl);
        var query = QueryHelpers.ParseQuery(upload.UploadUrl.Query);
        FolderUploads uploads = ((FolderBlobStore)_bucket.Store).Uploads;
        Assert.True(uploads.Allows(new BlobPath(BlobContainers.Inspections, "Mill Lane/A 17.mp4"), query["expires"], query["signature"]));
        Sidecar sidecar = await Sidecar.ReadAsync(_bucket.Store, "Mill Lane/A 17.mp4");
        Assert.Equal(("fine", 30, "Straße 7"), (sidecar.Release, sidecar.SegmentSeconds, sidecar.Metadata!["street"]));
    }

    [Theory]
    [InlineData("""{"fileName":"a.mp4","relase":"x"}""", "relase")]
    [InlineData("""{"fileName":"a.mp4","FileName":"b.mp4"}""", "FileName")]
    [InlineData("""{"fileName":"a.mp4","fileName":"b.mp4"}""", "fileName")]
    [InlineData("""{"release":"x"}""", "fileName")]
    [InlineData("""{"fileName":null}""", "fileName")]
    [InlineData("""{"fileName":7}""", "fileName")]
    [InlineData("""{"fileName":""}""", "fileName")]
    [InlineData("""{"fileName":"../a.mp4"}""", "fileName")]
    [InlineData("""{"fileName":"/a.mp4"}""", "fileName")]
    [InlineData("""{"fileName":"a/.cloudpipe/b.mp4"}""", "fileName")]
    [InlineData("""{"fileName":"a\\b.mp4"}""", "fileName")]
    [InlineData("""{"fileName":"a\nb.mp4"}""", "fileName")]
    [InlineData("""{"fileName":"notes.txt"}""", "fileName")]
    [InlineData("""{"fileName":"a.mp4","segmentSeconds":0}""", "segmentSeconds")]
    [InlineData("""{"fileName":"a.mp4","segmentSeconds":"60"}""", "segmentSeconds")]
    [InlineData("""{"fileName":"a.mp4","release":"../x"}""", "release")]
    [InlineData("""{"fileName":"a.mp4","release":"missing"}""", "release")]
    [InlineData("""{"fileName":"a.mp4","metadata":{"street":null}}""", "metadata.street")]
    [InlineData("""{"fileName":"a.mp4","metadata":{"street":7}}""", "metadata.street")]
    [InlineData("""{"fileName":"a.mp4","metadata":[]}""", "metadata")]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("{", null)]
    [InlineData("", null)]
    public async Task What_is_wrong_is_named(string body, string? field)
    {
        ApiResponse response = await _bucket.Api.PostAsync("/api/inspections", body);

        Assert.Equal(400, response.Status);
        Assert.Equal("application/problem+json", response.ContentType);
        Assert.Equal(field, response.Problem.Field);
        Assert.Equal(400, response.Problem.Status);
        Assert.DoesNotContain("CloudPipe.", response.Problem.Detail);
        Assert.Empty((await _bucket.Store.ListAsync(BlobContainers.Inspections)).Blobs);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_by_its_media_type_is_refused() => Assert.Equal(
        415, (await _bucket.Api.PostAsync("/api/inspections", """{"fileName":"a.mp4"}""", ("Content-Type", "text/plain"))).Status);

    [Fact]
    public async Task A_body_that_is_too_large_is_refused() => Assert.Equal(
        413, (await _bucket.Api.PostAsync("/api/inspections", $$"""{"fileName":"{{new string('a', 200_000)}}.mp4"}""")).Status);

    [Fact]
    public async Task A_name_that_is_taken_is_refused_and_its_sidecar_stays()
    {
        await _bucket.Store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, "a.mp4"), [1]);

        ApiResponse response = await _bucket.Api.PostAsync("/api/inspections", """{"fileName":"a.mp4","segmentSeconds":9}""");

        Assert.Equal((409, "fileName"), (response.Status, response.Problem.Field));
        Assert.Equal(Sidecar.None, await Sidecar.ReadAsync(_bucket.Store, "a.mp4"));
    }

    [Fact]
    public async Task The_list_goes_by_name_from_page_to_page()
    {
        string[] names = ["a.mp4", "b.mp4", "c/d.mov", "e.avi", "f.mp4"];
        foreach (string name in names.SelectMany(name => new[] { name, name + ".json" }))
        {
            await _bucket.Store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, name), [1]);
        }

        var listed = new List<string>();
        string? next = "/api/inspections?limit=3";
        int pages = 0;
        for (; next is not null; pages++)
        {
            JsonElement page = (await _bucket.Api.GetAsync(next)).Json;
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("blobName").GetString()!));
            next = page.GetProperty("nextLink").GetString();
        }

        Assert.Equal(names, listed);
        Assert.Equal(4, pages);
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_a_prefix_and_to_one_name()
    {
        foreach (string name in new[] { "a/1.mp4", "a/2.mp4", "b/1.mp4" })
        {
            await _bucket.Store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, name), [1]);
        }

        Assert.Equal("a/1.mp4 a/2.mp4", await NamesAsync("/api/inspections?prefix=a%2F"));
        Assert.Equal("b/1.mp4", await NamesAsync("/api/inspections?name=b%2F1.mp4"));
        Assert.Equal("", await NamesAsync("/api/inspections?name=b%2F"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("continuationToken=%2F%2F", "continuationToken")]
    [InlineData("name=..%2Fa.mp4", "name")]
    public async Task A_wrong_parameter_is_named(string query, string field)
    {
        ApiResponse response = await _bucket.Api.GetAsync($"/api/inspections?{query}");

        Assert.Equal((400, field), (response.Status, response.Problem.Field));
    }

    [Fact]
    public async Task An_inspection_shows_its_shards_while_it_is_worked_on()
    {
        InspectionPlan plan = await _bucket.PlanAsync();
        await _bucket.Store.WriteBytesAsync(plan.ShardPath(0), [1]);

        ApiResponse response = await _bucket.Api.GetAsync($"/api/inspections/{plan.InspectionId}");

        InspectionView view = response.Read<InspectionView>();
        Assert.Equal((200, InspectionStage.Scoring, "film.mp4"), (response.Status, view.Stage, view.BlobName));
        Assert.Equal(new InspectionWork(1, 1, 1, 0), view.Work);
        Assert.Null(view.Result);
    }

    [Fact]
    public async Task An_inspection_that_has_ended_shows_its_defects_and_where_its_report_is()
    {
        InspectionPlan plan = await _bucket.PlanAsync();
        await _bucket.Store.WriteJsonAsync(InspectionResult.PathOf(plan.InspectionId), Results.Completed(plan.InspectionId));

        InspectionView view = (await _bucket.Api.GetAsync($"/api/inspections/{plan.InspectionId}")).Read<InspectionView>();

        Assert.Equal(InspectionStage.Completed, view.Stage);
        Assert.Equal("CK", Assert.Single(view.Result!.Defects).Code);
        Assert.Equal($"/api/results/{plan.InspectionId}/report", view.Result.ReportUrl);
        Assert.Equal(new InspectionWork(1, 1, 1, 1), view.Work);
    }

    [Theory]
    [InlineData("unknown-0123456789abcdef")]
    [InlineData("..%2F..%2Fetc")]
    [InlineData("UPPER")]
    public async Task An_unknown_inspection_is_not_found(string id) =>
        Assert.Equal((404, "id"), await _bucket.Api.GetAsync($"/api/inspections/{id}") is var response ? (response.Status, response.Problem.Field) : default);

    [Fact]
    public async Task A_client_that_has_the_answer_already_is_told_so()
    {
        InspectionPlan plan = await _bucket.PlanAsync();
        string url = $"/api/inspections/{plan.InspectionId}";
        string etag = (await _bucket.Api.GetAsync(url)).Headers.ETag.ToString();

        ApiResponse same = await _bucket.Api.GetAsync(url, ("If-None-Match", $"\"other\", W/{etag}"));
        await _bucket.Store.WriteBytesAsync(plan.ShardPath(0), [1]);
        ApiResponse changed = await _bucket.Api.GetAsync(url, ("If-None-Match", etag));

        Assert.Equal((304, 0, etag), (same.Status, same.Body.Length, same.Headers.ETag.ToString()));
        Assert.Equal(200, changed.Status);
    }

    private async Task<string> NamesAsync(string url) =>
        string.Join(' ', (await _bucket.Api.GetAsync(url)).Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("blobName").GetString()));
}
