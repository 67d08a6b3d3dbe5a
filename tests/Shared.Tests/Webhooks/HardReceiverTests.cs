using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudPipe.Shared.Tests.Webhooks;

/// <summary>The step, through the guarded handler, against receivers on real ports that behave as receivers do on a bad day.</summary>
public sealed class HardReceiverTests : IDisposable
{
    private const string EventId = "film-00.completed";
    private const string EndpointId = "city";

    private static readonly string _secret = WebhookSigner.CreateSecret();

    private readonly ObservedBlobStore _blobs = new();
    private readonly RecordingQueue _queue = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _blobs.Dispose();
        _stop.Dispose();
    }

    [Theory]
    [InlineData("200 OK", DeliveryOutcome.Delivered)]
    [InlineData("500 Broken", DeliveryOutcome.Retrying)]
    public async Task A_body_without_end_is_not_read_to_its_end(string status, DeliveryOutcome outcome)
    {
        long sent = 0;
        Serve(async stream =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"));
            byte[] chunk = Encoding.ASCII.GetBytes($"1000\r\n{new string('x', 0x1000)}\r\n");
            while (true)
            {
                await stream.WriteAsync(chunk);
                sent += chunk.Length;
            }
        });

        DeliveryAttempt attempt = await AttemptAsync("http");

        Assert.Equal(outcome, attempt.Outcome);
        Assert.InRange((attempt.Error ?? string.Empty).Length, 0, 600);
        // What fits into the sockets' buffers may have been sent.
        Assert.InRange(Interlocked.Read(ref sent), 0, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task A_receiver_that_takes_the_event_and_says_nothing_is_given_up_in_time()
    {
        Serve(_ => Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token));

        DeliveryAttempt attempt = await AttemptAsync("http", timeout: TimeSpan.FromMilliseconds(300));

        Assert.Equal(DeliveryOutcome.Retrying, attempt.Outcome);
        Assert.Contains("No answer came within 0.3 s", attempt.Error);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_gets_no_event()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        bool shook = false;
        Serve(async stream =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(certificate);
            shook = await tls.ReadAsync(new byte[1]) == 1;
        });

        DeliveryAttempt attempt = await AttemptAsync("https");

        Assert.Equal(DeliveryOutcome.Retrying, attempt.Outcome);
        Assert.Contains("SSL", attempt.Error);
        Assert.False(shook, "A byte of the event has been sent.");
    }

    [Fact]
    public async Task A_name_that_changes_to_a_private_address_gets_nothing()
    {
        bool reached = false;
        Serve(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        int asked = 0;
        var guard = new PrivateAddressGuard(
            allowPrivateAddresses: false, (_, _) => Task.FromResult<IPAddress[]>(asked++ == 0 ? [IPAddress.Parse("203.0.113.1")] : [IPAddress.Loopback]));
        var options = Endpoint("http", "rebinding.example", TimeSpan.FromSeconds(5));
        options.AllowPrivateAddresses = false;

        // The first look finds an address that documentation uses and nobody has; it is refused as well, without a second look.
        DeliveryAttempt first = await AttemptAsync(options, guard, attempt: 1);
        DeliveryAttempt second = await AttemptAsync(options, guard, attempt: 2);

        Assert.Equal([DeliveryOutcome.Failed, DeliveryOutcome.Failed], new[] { first.Outcome, second.Outcome });
        Assert.Contains("127.0.0.1", second.Error);
        Assert.Equal(2, asked);
        Assert.False(reached);
    }

    [Fact]
    public async Task A_receiver_that_is_down_for_an_hour_gets_the_event_and_the_log_shows_every_attempt()
    {
        _listener.Start();
        int port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _listener.Stop();
        var time = new ManualTime();
        DateTimeOffset up = time.GetUtcNow() + TimeSpan.FromHours(1);
        WebhookOptions options = Endpoint("http", $"127.0.0.1:{port}", TimeSpan.FromSeconds(20));
        using var client = new HttpClient(new PrivateAddressGuard(allowPrivateAddresses: true).CreateHandler());
        DeliverStep step = Step(options, client, time);
        var message = new DeliverMessage(EndpointId, EventId, "{}", Attempt: 1);
        bool isUp = false;
        while (true)
        {
            if (!isUp && time.GetUtcNow() >= up)
            {
                isUp = true;
                ServeOn(port, stream => stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray()).AsTask());
            }

            int before = _queue.Sent(QueueNames.Deliver).Count;
            await step.HandleAsync(message);
            if (_queue.Sent(QueueNames.Deliver).Count == before)
            {
                break;
            }

            OutgoingMessage next = _queue.Sent(QueueNames.Deliver)[^1];
            time.Advance(next.Delay);
            message = MessageSerializer.Deserialize<DeliverMessage>(next.Body);
        }

        IReadOnlyList<DeliveryAttempt> attempts = await new DeliveryLog(_blobs).ListAsync(EventId, EndpointId);
        Assert.Equal(
            [DeliveryOutcome.Retrying, DeliveryOutcome.Retrying, DeliveryOutcome.Retrying, DeliveryOutcome.Retrying, DeliveryOutcome.Delivered],
            attempts.Select(attempt => attempt.Outcome));
        Assert.Equal([1, 2, 3, 4, 5], attempts.Select(attempt => attempt.Attempt));
        Assert.All(attempts.SkipLast(1), attempt => Assert.Contains("could not be reached", attempt.Error));
        Assert.InRange(attempts[^1].StartedAt - up, TimeSpan.Zero, TimeSpan.FromHours(2));
    }

    private void Serve(Func<NetworkStream, Task> answer) => ServeOn(0, answer);

    private void ServeOn(int port, Func<NetworkStream, Task> answer)
    {
        TcpListener listener = port == 0 ? _listener : new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        _stop.Token.Register(listener.Stop);
        _ = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                using TcpClient accepted = await listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await answer(accepted.GetStream());
                }
                catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // The sender has had enough.
                }
            }
        });
    }

    private Task<DeliveryAttempt> AttemptAsync(string scheme, TimeSpan? timeout = null) => AttemptAsync(
        Endpoint(scheme, $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}", timeout ?? TimeSpan.FromSeconds(20)),
        new PrivateAddressGuard(allowPrivateAddresses: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])),
        attempt: 1);

    private async Task<DeliveryAttempt> AttemptAsync(WebhookOptions options, PrivateAddressGuard guard, int attempt)
    {
        using var client = new HttpClient(guard.CreateHandler());
        await Step(options, client, TimeProvider.System).HandleAsync(new DeliverMessage(EndpointId, EventId, "{}", attempt));
        return (await new DeliveryLog(_blobs).FindAsync(EventId, EndpointId, attempt))!;
    }

    private DeliverStep Step(WebhookOptions options, HttpClient client, TimeProvider time) => new(
        new WebhookStore(_blobs, Options.Create(options), time, NullLogger<WebhookStore>.Instance),
        new DeliveryLog(_blobs),
        _queue,
        client,
        Options.Create(options),
        time,
        NullLogger<DeliverStep>.Instance);

    private static WebhookOptions Endpoint(string scheme, string host, TimeSpan timeout) => new()
    {
        AllowHttp = true,
        AllowPrivateAddresses = true,
        Timeout = timeout,
        Endpoints = [new WebhookEndpointOptions { Id = EndpointId, Url = $"{scheme}://{host}/hook", Secrets = [_secret] }],
    };
}
