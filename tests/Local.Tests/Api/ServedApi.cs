using CloudPipe.Local.Api;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Tests.Api;

/// <summary>The single-machine host without a worker, on a new folder, with its API on a free port.</summary>
internal sealed class ServedApi : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IHost _host;

    private ServedApi(string[] keys)
    {
        KeyValuePair<string, string?>[] overrides = [new("CloudPipe:Api:Url", "http://127.0.0.1:0"), .. keys.Select((key, index) => new KeyValuePair<string, string?>($"CloudPipe:Api:Keys:{index}", key))];
        _host = LocalServices.Build(new CommandSettings(_folder.FullPath, overrides), LogLevel.Critical, roles: HostRoles.Functions);
    }

    public HttpClient Client { get; } = new();

    public IBlobStore Store => _host.Services.GetRequiredService<IBlobStore>();

    public static async Task<ServedApi> StartAsync(params string[] keys)
    {
        var served = new ServedApi(keys);
        await served._host.StartAsync();
        served.Client.BaseAddress = served._host.Services.GetRequiredService<ApiServer>().Address;
        return served;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Dispose();
    }
}
