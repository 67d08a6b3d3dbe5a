using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Local.Demo;
using CloudPipe.Tests.Support;
using CloudPipe.Webhooks;

namespace CloudPipe.EndToEnd.Tests;

/// <summary>Everything that processes say of a day on which much goes wrong, searched for what nobody may read.</summary>
public sealed partial class SecretTests
{
    private const string ApiKey = "Tk9ULUEtS0VZLUJVVC1BLU1BUks";
    private const string QuerySecret = "bWFya2VkLXF1ZXJ5";

    [Fact]
    public async Task No_line_at_any_level_holds_a_key_a_connection_string_or_a_signature()
    {
        await using Bucket bucket = await Bucket.CreateAsync(Topology.ProcessesOnAzurite, faults: 0.05);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(TimeProvider.System, CancellationToken.None);
        string unheard = WebhookSigner.CreateSecret();
        string api = $"http://127.0.0.1:{FreePorts.Find(1)[0]}";
        string[] arguments =
        [
            "--verbose", "--json-logs",
            "--set", "Logging:LogLevel:Default=Trace", "--set", "Logging:LogLevel:Microsoft=Trace", "--set", "Logging:LogLevel:System=Trace", "--set", "Logging:LogLevel:Azure=Trace",
            "--set", "Queue:VisibilityTimeout=00:00:15", "--set", "Queue:MaxDeliveryCount=20",
            "--set", "Webhooks:AllowHttp=true", "--set", "Webhooks:AllowPrivateAddresses=true",
            "--set", "Webhooks:Endpoints:0:Id=heard", "--set", $"Webhooks:Endpoints:0:Url={receiver.Url}/?code={QuerySecret}", "--set", $"Webhooks:Endpoints:0:Secrets:0={receiver.Secret}",
            "--set", "Webhooks:Endpoints:1:Id=unheard", "--set", $"Webhooks:Endpoints:1:Url=http://127.0.0.1:9/?code={QuerySecret}", "--set", $"Webhooks:Endpoints:1:Secrets:0={unheard}",
            "--set", $"Api:Url={api}", "--set", $"Api:Keys:0={ApiKey}",
        ];
        await bucket.DropAsync("good.mp4", await Clips.GetAsync(1));
        await bucket.DropAsync("broken.mp4", (await Clips.GetAsync(1, seconds: 12))[..20_000]);
        HostProcess[] processes = bucket.Serve(arguments);
        await bucket.WaitForResultsAsync(2, TimeSpan.FromMinutes(3));
        await Bucket.WaitForAsync(() => Task.FromResult(receiver.Events.Count == 2));
        using var client = new HttpClient { BaseAddress = new Uri(api) };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"/api/inspections?code={QuerySecret}")).StatusCode);
        Assert.NotEqual(HttpStatusCode.Unauthorized, (await client.GetAsync($"/api/inspections?code={ApiKey}")).StatusCode);
        await client.PostAsJsonAsync($"/api/inspections?code={ApiKey}", new { fileName = "later.mp4" });

        string[] logs = await Task.WhenAll(processes.Select(process => process.KillAndReadLogAsync()));

        string all = string.Join('\n', logs);
        Assert.Contains("\"LogLevel\":\"Debug\"", all);
        string[] secrets = [.. bucket.Secrets, receiver.Secret, receiver.Secret["whsec_".Length..], unheard, unheard["whsec_".Length..], ApiKey, QuerySecret];
        Assert.All(secrets, secret => Assert.DoesNotContain(all.Split('\n'), line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotMatch(Signature(), all);
    }

    // A signed address names its signature; Azure's own log says REDACTED in its place.
    [GeneratedRegex(@"[?&]sig=(?!REDACTED)|SharedKey [a-z0-9]+:|AccountKey=", RegexOptions.IgnoreCase)]
    private static partial Regex Signature();
}
