using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CloudPipe.EndToEnd.Tests.Doubles;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests;

public sealed class HttpApiTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _videos = new();

    public void Dispose() => _videos.Dispose();

    [Fact]
    public async Task A_program_that_knows_only_the_api_uploads_a_video_and_reads_what_was_found()
    {
        await using ServedBucket bucket = await ServedBucket.CreateAsync(new KeyValuePair<string, string?>("CloudPipe:Api:Url", "http://127.0.0.1:0"));
        await bucket.StartAsync();
        await Videos.RenderAsync(_videos.File("survey.mp4"), seconds: 4);
        using var client = new HttpClient { BaseAddress = bucket.Api };

        using HttpResponseMessage created = await client.PostAsJsonAsync(
            "/api/inspections", new { fileName = "street/survey.mp4", segmentSeconds = 1, metadata = new Dictionary<string, string> { ["manhole"] = "A17" } });
        JsonElement upload = await created.Content.ReadFromJsonAsync<JsonElement>();
        using (var put = new HttpRequestMessage(HttpMethod.Put, upload.GetProperty("uploadUrl").GetString()) { Content = new ByteArrayContent(await File.ReadAllBytesAsync(_videos.File("survey.mp4"))) })
        {
            foreach (JsonProperty header in upload.GetProperty("headers").EnumerateObject())
            {
                put.Headers.Add(header.Name, header.Value.GetString());
            }

            using HttpResponseMessage uploaded = await client.SendAsync(put);
            Assert.Equal(HttpStatusCode.Created, uploaded.StatusCode);
        }

        JsonElement inspection = await FollowAsync(client, upload.GetProperty("statusUrl").GetString()!);
        Assert.Equal("completed", inspection.GetProperty("stage").GetString());
        Assert.Equal(4, inspection.GetProperty("segments").GetInt32());
        Assert.Equal(2, inspection.GetProperty("work").GetProperty("shards").GetInt32());
        JsonElement result = await client.GetFromJsonAsync<JsonElement>(inspection.GetProperty("result").GetProperty("resultUrl").GetString());
        Assert.Equal("A17", result.GetProperty("metadata").GetProperty("manhole").GetString());
        Assert.Equal(17, result.GetProperty("labels").GetArrayLength());
        Assert.Contains("<html", await client.GetStringAsync(inspection.GetProperty("result").GetProperty("reportUrl").GetString()));
        string id = inspection.GetProperty("inspectionId").GetString()!;
        Assert.Equal("completed", (await client.GetFromJsonAsync<JsonElement>($"/api/inspections/{id}")).GetProperty("stage").GetString());
    }

    private static async Task<JsonElement> FollowAsync(HttpClient client, string statusUrl)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            JsonElement items = (await client.GetFromJsonAsync<JsonElement>(statusUrl)).GetProperty("items");
            JsonElement inspection = Assert.Single(items.EnumerateArray());
            if (inspection.GetProperty("result").ValueKind == JsonValueKind.Object)
            {
                return inspection;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < _patience, $"Not finished: {inspection}");
            await Task.Delay(50);
        }
    }
}
