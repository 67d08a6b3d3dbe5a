using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using CloudPipe.Functions.Api.Inspections;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Messages;
using CloudPipe.Storage;

namespace CloudPipe.Local.Tests.Api;

public sealed class ApiServerTests
{
    private const string Key = "0123456789abcdef";
    private const string OtherKey = "fedcba9876543210";

    [Fact]
    public async Task A_video_is_uploaded_at_the_address_that_was_asked_for_once()
    {
        await using ServedApi api = await ServedApi.StartAsync();
        byte[] video = Encoding.UTF8.GetBytes(new string('v', 3_000_000));
        InspectionUpload upload = await AskAsync(api, "Mill Lane/Straße 7.mp4");

        using HttpResponseMessage first = await PutAsync(api, upload, video);
        using HttpResponseMessage second = await PutAsync(api, upload, [1]);

        var path = new BlobPath(BlobContainers.Inspections, "Mill Lane/Straße 7.mp4");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal($"\"{(await api.Store.FindAsync(path))!.ETag}\"", first.Headers.ETag!.Tag);
        Assert.Equal(video, await api.Store.ReadBytesAsync(path));
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("Mill Lane/Straße 7.mp4", (await api.Client.GetFromJsonAsync<System.Text.Json.JsonElement>(upload.StatusUrl)).GetProperty("items")[0].GetProperty("blobName").GetString());
    }

    [Fact]
    public async Task An_upload_address_that_was_changed_is_refused()
    {
        await using ServedApi api = await ServedApi.StartAsync();
        InspectionUpload upload = await AskAsync(api, "a.mp4");
        string address = upload.UploadUrl.AbsoluteUri;

        foreach (string changed in new[]
        {
            address.Replace("a.mp4", "b.mp4", StringComparison.Ordinal), address.Replace("inspections", "releases", StringComparison.Ordinal),
            address.Replace("expires=", "expires=9", StringComparison.Ordinal), address[..^4] + "AAAA", address[..address.IndexOf('?', StringComparison.Ordinal)],
            address.Replace("inspections/a.mp4", "inspections/..%2Freleases%2Fa.mp4", StringComparison.Ordinal),
        })
        {
            using HttpResponseMessage response = await PutAsync(api, upload with { UploadUrl = new Uri(changed) }, [1]);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        Assert.Equal("a.mp4.json", Assert.Single((await api.Store.ListAsync(BlobContainers.Inspections)).Blobs).Path.Name);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        await using ServedApi api = await ServedApi.StartAsync();
        InspectionUpload upload = await AskAsync(api, "a.mp4");
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, upload.UploadUrl.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"PUT {upload.UploadUrl.PathAndQuery} HTTP/1.1\r\nHost: {upload.UploadUrl.Authority}\r\nContent-Length: 1000\r\n\r\nhalf"));
        }

        // The same address still works: the name is not taken.
        using HttpResponseMessage whole = await PutAsync(api, upload, [1]);
        Assert.Equal(HttpStatusCode.Created, whole.StatusCode);
        Assert.Equal([1], await api.Store.ReadBytesAsync(new BlobPath(BlobContainers.Inspections, "a.mp4")));
    }

    [Fact]
    public async Task With_keys_only_who_has_one_is_answered()
    {
        await using ServedApi api = await ServedApi.StartAsync(Key, OtherKey);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, "/api/inspections"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, "/api/inspections", ("x-functions-key", Key[..^1])));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, "/api/inspections?code="));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/api/inspections", ("x-functions-key", Key)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/api/inspections", ("x-functions-key", OtherKey)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, $"/api/inspections?code={Key}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/healthz"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/api/openapi.json"));
    }

    [Fact]
    public async Task An_upload_address_needs_no_key()
    {
        await using ServedApi api = await ServedApi.StartAsync(Key);
        api.Client.DefaultRequestHeaders.Add("x-functions-key", Key);
        InspectionUpload upload = await AskAsync(api, "a.mp4");
        api.Client.DefaultRequestHeaders.Clear();

        using HttpResponseMessage response = await PutAsync(api, upload, [1]);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/unknown", 404)]
    [InlineData("GET", "/", 404)]
    [InlineData("PUT", "/api/inspections", 405)]
    [InlineData("DELETE", "/api/webhooks", 405)]
    public async Task A_path_or_method_that_is_not_served_is_a_problem(string method, string path, int status)
    {
        await using ServedApi api = await ServedApi.StartAsync();

        using HttpResponseMessage response = await api.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, (await ProblemAsync(response)).Status);
        Assert.Equal(status == 405, response.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task A_path_tells_its_methods()
    {
        await using ServedApi api = await ServedApi.StartAsync();

        using HttpResponseMessage response = await api.Client.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/api/inspections"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(["GET", "OPTIONS", "POST"], response.Content.Headers.Allow.Order());
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "evil.example")]
    public async Task A_web_page_of_another_origin_is_not_answered(string header, string value)
    {
        await using ServedApi api = await ServedApi.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "/api/inspections", (header, value)));
    }

    [Fact]
    public async Task Behind_another_server_a_key_is_enough()
    {
        await using ServedApi api = await ServedApi.StartAsync(Key);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/api/inspections", ("x-functions-key", Key), ("Host", "pipes.example.com"), ("Origin", "https://pipes.example.com")));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_problem_and_the_next_request_is_served()
    {
        await using ServedApi api = await ServedApi.StartAsync();
        foreach (int size in new[] { 200_000, 2_000_000 })
        {
            using var content = new StringContent($$"""{"fileName":"{{new string('a', size)}}"}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await api.Client.PostAsync("/api/inspections", content);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/healthz"));
    }

    [Fact]
    public async Task A_client_that_has_the_answer_is_told_so()
    {
        await using ServedApi api = await ServedApi.StartAsync();
        using HttpResponseMessage first = await api.Client.GetAsync("/api/openapi.json");

        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(api, "/api/openapi.json", ("If-None-Match", first.Headers.ETag!.Tag)));
    }

    private static async Task<InspectionUpload> AskAsync(ServedApi api, string fileName)
    {
        using HttpResponseMessage response = await api.Client.PostAsJsonAsync("/api/inspections", new { fileName });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<InspectionUpload>(CloudPipeJson.Options))!;
    }

    private static Task<HttpResponseMessage> PutAsync(ServedApi api, InspectionUpload upload, byte[] content)
    {
        var request = new HttpRequestMessage(new HttpMethod(upload.Method), upload.UploadUrl) { Content = new ByteArrayContent(content) };
        foreach ((string name, string value) in upload.Headers)
        {
            request.Headers.Add(name, value);
        }

        return api.Client.SendAsync(request);
    }

    private static async Task<HttpStatusCode> StatusAsync(ServedApi api, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await api.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<Problem> ProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        return (await response.Content.ReadFromJsonAsync<Problem>(CloudPipeJson.Options))!;
    }
}
