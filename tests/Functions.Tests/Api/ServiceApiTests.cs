using System.Text;
using CloudPipe.Functions.Api;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.Functions.Tests.Api;

public sealed class ServiceApiTests : IDisposable
{
    private readonly Bucket _bucket = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task Healthy_is_what_reaches_its_bucket_and_its_queues()
    {
        ApiResponse response = await _bucket.Api.GetAsync("/healthz");

        Assert.Equal((200, """{"status":"healthy"}"""), (response.Status, Encoding.UTF8.GetString(response.Body)));
    }

    [Fact]
    public async Task Unhealthy_tells_no_reason_and_is_asked_again_after_a_while()
    {
        await _bucket.Api.GetAsync("/healthz");
        ((IDisposable)_bucket.Queue).Dispose();

        Assert.Equal(200, (await _bucket.Api.GetAsync("/healthz")).Status);
        _bucket.Time.Now += TimeSpan.FromSeconds(6);
        ApiResponse response = await _bucket.Api.GetAsync("/healthz");

        Assert.Equal((503, """{"status":"unhealthy"}"""), (response.Status, Encoding.UTF8.GetString(response.Body)));
    }

    [Theory]
    [InlineData("/api/inspections", "GET, OPTIONS, POST")]
    [InlineData("/api/results/film-1", "GET, OPTIONS")]
    [InlineData("/api/webhooks/city", "DELETE, GET, OPTIONS")]
    [InlineData("/api/deliveries/a.b/replay", "OPTIONS, POST")]
    public async Task A_path_tells_its_methods(string path, string methods)
    {
        ApiResponse response = await _bucket.Api.SendAsync("OPTIONS", path);

        Assert.Equal((204, methods), (response.Status, response.Headers.Allow.ToString()));
        Assert.DoesNotContain(response.Headers.Keys, name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_unknown_path_has_no_methods() => Assert.Equal(404, (await _bucket.Api.SendAsync("OPTIONS", "/api/unknown")).Status);

    [Fact]
    public async Task A_fault_of_its_own_is_a_problem_without_details()
    {
        Directory.Delete(Path.Combine(_bucket.Folder, BlobContainers.Results), recursive: true);
        Directory.CreateDirectory(Path.Combine(_bucket.Folder, BlobContainers.Results, "film-1"));
        await File.WriteAllTextAsync(Path.Combine(_bucket.Folder, BlobContainers.Results, "film-1", "result.json"), "{ not json");

        ApiResponse response = await _bucket.Api.GetAsync("/api/inspections/film-1");

        Assert.Equal((500, "urn:cloudpipe:problem:internal-error"), (response.Status, response.Problem.Type));
        Assert.DoesNotContain("json", response.Problem.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_bucket.Folder, response.Problem.Detail);
    }

    [Fact]
    public void The_queues_are_those_of_the_design() => Assert.Equal(QueueNames.All, _bucket.Get<ServedQueues>().Names);
}
