using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using CloudPipe.Tests.Support;

namespace CloudPipe.Local.Tests.Api;

public sealed class ApiServerOptionsTests : IDisposable
{
    private const string Key = "0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", null)]
    [InlineData("http://127.0.0.1:7071", null)]
    [InlineData("http://localhost:0", null)]
    [InlineData("http://[::1]:7071/", null)]
    [InlineData("http://0.0.0.0:7071", Key)]
    [InlineData("http://10.0.0.4:80", Key)]
    public void Is_taken(string url, string? key) => Build(url, key);

    [Theory]
    [InlineData("http://0.0.0.0:7071", null, "Api:Keys")]
    [InlineData("http://10.0.0.4:7071", null, "Api:Keys")]
    [InlineData("http://[::]:7071", null, "Api:Keys")]
    [InlineData("https://127.0.0.1:7071", null, "http://127.0.0.1:7071")]
    [InlineData("http://example.com:7071", Key, "IP address")]
    [InlineData("http://127.0.0.1:7071/api", null, "IP address")]
    [InlineData("7071", null, "IP address")]
    [InlineData("http://127.0.0.1:7071", "short", "16 characters")]
    [InlineData("http://127.0.0.1:7071", "with spaces in the key", "16 characters")]
    public void Is_refused_with_what_to_do(string url, string? key, string advice)
    {
        CommandFailedException exception = Assert.Throws<CommandFailedException>(() => Build(url, key));

        Assert.Contains("CloudPipe:Api", exception.Message);
        Assert.Contains(advice, exception.Message);
        if (key is not null)
        {
            Assert.DoesNotContain(key, exception.Message);
        }
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("ftp://pipes.example.com")]
    [InlineData("https://pipes.example.com/api")]
    public void A_public_address_that_is_none_is_refused(string url) => Assert.Contains(
        "CloudPipe:Api:PublicUrl",
        Assert.Throws<CommandFailedException>(() => LocalServices.Build(new CommandSettings(_folder.FullPath, [new("CloudPipe:Api:PublicUrl", url)]), roles: HostRoles.Functions)).Message);

    private void Build(string url, string? key)
    {
        KeyValuePair<string, string?>[] overrides = [new("CloudPipe:Api:Url", url), .. key is null ? [] : new KeyValuePair<string, string?>[] { new("CloudPipe:Api:Keys:0", key) }];
        LocalServices.Build(new CommandSettings(_folder.FullPath, overrides), roles: HostRoles.Functions).Dispose();
    }
}
