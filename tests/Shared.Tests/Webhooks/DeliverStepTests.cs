using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Storage;
using CloudPipe.Telemetry;
using CloudPipe.Tests.Support;
using CloudPipe.Webhooks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudPipe.Shared.Tests.Webhooks;

public sealed class DeliverStepTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Event = """{"specversion":"1.0","subject":"straße.mp4"}""";
    private static readonly DeliverMessage _message = new("city", "film-00.completed", Event, Attempt: 1);

    private readonly ObservedBlobStore _blobs = new();
    private readonly RecordingQueue _queue = new();
    private readonly ManualTime _time = new();
    private readonly Receiver _receiver = new();
    private readonly List<string> _logged = [];
    private readonly WebhookOptions _options = new()
    {
        Endpoints = [new WebhookEndpointOptions { Id = "city", Url = "https://hooks.example/in?key=hidden-in-the-url", Secrets = [Secret] }],
    };

    public void Dispose() => _blobs.Dispose();

    [Fact]
    public async Task The_event_is_posted_as_it_is_signed_and_logged()
    {
        await Step().HandleAsync(_message);

        (HttpRequestMessage request, byte[] body) = Assert.Single(_receiver.Requests);
        Assert.Equal(Event, Encoding.UTF8.GetString(body));
        Assert.Equal("application/cloudevents+json; charset=utf-8", request.Content!.Headers.ContentType!.ToString());
        Assert.Equal("film-00.completed", Header(request, "webhook-id"));
        Assert.Equal("cloudpipe", Header(request, "WebHook-Request-Origin"));
        Assert.True(WebhookSigner.Verify(
            Header(request, "webhook-id"), Header(request, "webhook-timestamp"), Header(request, "webhook-signature"), body, [Secret], _time.GetUtcNow()));

        DeliveryAttempt attempt = (await Log().FindAsync("film-00.completed", "city", 1))!;
        Assert.Equal((DeliveryOutcome.Delivered, 200, "hooks.example"), (attempt.Outcome, attempt.StatusCode, attempt.Host));
        Assert.Empty(_queue.Sent(QueueNames.Deliver));
    }

    [Fact]
    public async Task The_request_carries_the_trace_context_of_the_step_and_the_next_attempt_that_of_its_send()
    {
        _receiver.Answer = () => new HttpResponseMessage(HttpStatusCode.InternalServerError);
        DeliverMessage message = _message with { EventId = $"film-{Guid.NewGuid():N}.completed" };
        using var spans = new RecordedSpans(CloudPipeTrace.RootOf(TraceSubject.Of(message).Id!).TraceId);
        using (CloudPipeTrace.StartProcess("sqlite", new ReceivedMessage(QueueNames.Deliver, message.Id, "{}", 1, default, "receipt"), message))
        {
            await Step().HandleAsync(message);
        }

        Activity[] ended = [.. spans.Ended];
        Assert.Equal(["process deliver", "send deliver"], ended.Select(span => span.DisplayName));
        Assert.Equal(ended[0].Id, Header(Assert.Single(_receiver.Requests).Request, "traceparent"));
        Assert.Equal(ended[1].Id, MessageSerializer.Deserialize<DeliverMessage>(Assert.Single(_queue.Sent(QueueNames.Deliver)).Body).Traceparent);
        Assert.Equal((ActivityStatusCode.Error, "500", "hooks.example"), (ended[0].Status, ended[0].GetTagItem("error.type"), ended[0].GetTagItem("server.address")));
        Assert.DoesNotContain("hidden-in-the-url", string.Concat(ended.SelectMany(span => span.TagObjects)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("00-076e75ac3942eca2d3a6e75d4ad851ad-00f067aa0ba902b7-01", true)]
    [InlineData("no trace\nx: y", false)]
    [InlineData(null, false)]
    public async Task Where_nobody_traces_the_request_passes_on_what_the_message_carries(string? traceparent, bool isPassedOn)
    {
        await Step().HandleAsync(_message with { Traceparent = traceparent });

        HttpRequestMessage request = Assert.Single(_receiver.Requests).Request;
        Assert.Equal(isPassedOn ? traceparent : null, request.Headers.TryGetValues("traceparent", out IEnumerable<string>? values) ? values.Single() : null);
    }

    [Fact]
    public async Task A_repeat_of_the_message_posts_nothing()
    {
        await Step().HandleAsync(_message);
        await Step().HandleAsync(_message);

        Assert.Single(_receiver.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(500)]
    public async Task What_is_not_2xx_is_a_failure_and_the_next_attempt_a_message_of_its_own(int status)
    {
        _receiver.Answer = () => new HttpResponseMessage((HttpStatusCode)status) { Headers = { Location = new Uri("https://other.example/") } };

        await Step().HandleAsync(_message);

        OutgoingMessage next = Assert.Single(_queue.Sent(QueueNames.Deliver));
        Assert.Equal("film-00.completed.city.2", next.Id);
        Assert.InRange(next.Delay.TotalSeconds, 4.5, 5.5);
        Assert.Equal(_message with { Attempt = 2 }, MessageSerializer.Deserialize<DeliverMessage>(next.Body));
        Assert.Single(_receiver.Requests);
        Assert.Equal(DeliveryOutcome.Retrying, (await Log().FindAsync("film-00.completed", "city", 1))!.Outcome);
    }

    [Fact]
    public async Task A_receiver_that_never_takes_it_is_tried_ten_times_over_three_days_and_the_event_is_kept()
    {
        _receiver.Answer = () => new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = new StringContent("broken\nhere") };
        TimeSpan[] schedule = [.. new[] { 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

        DeliverMessage? message = _message;
        for (int attempt = 1; message is not null; attempt++)
        {
            await Step().HandleAsync(message);
            OutgoingMessage? next = _queue.Sent(QueueNames.Deliver).Skip(attempt - 1).SingleOrDefault();
            if (next is not null)
                Assert.InRange(next.Delay / schedule[attempt - 1], 0.9, 1.1);
            message = next is null ? null : MessageSerializer.Deserialize<DeliverMessage>(next.Body);
        }

        IReadOnlyList<DeliveryAttempt> attempts = await Log().ListAsync("film-00.completed", "city");
        Assert.Equal(Enumerable.Range(1, 10), attempts.Select(attempt => attempt.Attempt));
        Assert.Equal(DeliveryOutcome.Failed, attempts[^1].Outcome);
        Assert.Contains("broken here", attempts[^1].Error);
        Assert.Equal(10, _receiver.Requests.Count);
    }

    [Theory]
    [InlineData(429, 120, 120)]
    [InlineData(503, 1, 4.5)]
    [InlineData(502, 1_000_000, 86_400)]
    [InlineData(500, 120, 4.5)]
    public async Task Retry_after_is_honoured_where_it_means_something(int status, int retryAfterSeconds, double leastSeconds)
    {
        _receiver.Answer = () => new HttpResponseMessage((HttpStatusCode)status) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(retryAfterSeconds)) } };

        await Step().HandleAsync(_message);

        Assert.InRange(Assert.Single(_queue.Sent(QueueNames.Deliver)).Delay.TotalSeconds, leastSeconds, Math.Max(leastSeconds, 5.5));
    }

    [Fact]
    public async Task Retry_after_may_be_a_date()
    {
        _receiver.Answer = () => new HttpResponseMessage(HttpStatusCode.GatewayTimeout) { Headers = { RetryAfter = new RetryConditionHeaderValue(_time.GetUtcNow().AddMinutes(7)) } };

        await Step().HandleAsync(_message);

        Assert.Equal(TimeSpan.FromMinutes(7), Assert.Single(_queue.Sent(QueueNames.Deliver)).Delay);
    }

    [Fact]
    public async Task Gone_disables_the_endpoint_and_what_follows_is_dropped()
    {
        _receiver.Answer = () => new HttpResponseMessage(HttpStatusCode.Gone);

        await Step().HandleAsync(_message);
        await Step().HandleAsync(_message with { EventId = "film-01.completed" });

        Assert.Single(_receiver.Requests);
        Assert.Empty(_queue.Sent(QueueNames.Deliver));
        Assert.Contains("410", (await Webhooks().FindAsync("city"))!.DisabledReason);
        Assert.Equal(DeliveryOutcome.EndpointDisabled, (await Log().FindAsync("film-00.completed", "city", 1))!.Outcome);
    }

    [Fact]
    public async Task No_answer_in_time_is_a_failure()
    {
        _options.Timeout = TimeSpan.FromMilliseconds(20);
        _receiver.Hang = true;

        await Step().HandleAsync(_message);

        DeliveryAttempt attempt = (await Log().FindAsync("film-00.completed", "city", 1))!;
        Assert.Equal((DeliveryOutcome.Retrying, null), (attempt.Outcome, attempt.StatusCode));
        Assert.Contains("No answer", attempt.Error);
    }

    [Fact]
    public async Task Stopping_the_process_logs_no_attempt()
    {
        _receiver.Hang = true;
        using var stopping = new CancellationTokenSource(20);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Step().HandleAsync(_message, stopping.Token));

        Assert.Null(await Log().FindAsync("film-00.completed", "city", 1));
    }

    [Fact]
    public async Task A_crash_between_log_and_schedule_is_made_good_and_starts_no_second_chain()
    {
        _receiver.Answer = () => new HttpResponseMessage(HttpStatusCode.InternalServerError);
        _queue.Before = _ => throw new IOException("The process dies here.");
        await Assert.ThrowsAsync<IOException>(() => Step().HandleAsync(_message));
        _queue.Before = null;

        await Step().HandleAsync(_message);
        Assert.Equal(["film-00.completed.city.2"], _queue.Sent(QueueNames.Deliver).Select(sent => sent.Id));

        await Step().HandleAsync(_message with { Attempt = 2 });
        await Step().HandleAsync(_message);
        Assert.Equal(["film-00.completed.city.2", "film-00.completed.city.3"], _queue.Sent(QueueNames.Deliver).Select(sent => sent.Id));
        Assert.Equal(2, _receiver.Requests.Count);
    }

    [Fact]
    public async Task A_private_address_is_refused_for_good()
    {
        _options.Endpoints[0].Url = "https://127.0.0.1:1/";
        using var client = new HttpClient(new PrivateAddressGuard(allowPrivateAddresses: false).CreateHandler());

        await Step(client).HandleAsync(_message);

        DeliveryAttempt attempt = (await Log().FindAsync("film-00.completed", "city", 1))!;
        Assert.Equal(DeliveryOutcome.Failed, attempt.Outcome);
        Assert.Contains("Webhooks:AllowPrivateAddresses", attempt.Error);
    }

    [Fact]
    public async Task Http_without_tls_is_refused_unless_allowed()
    {
        _options.Endpoints[0].Url = "http://hooks.example/";
        await Step().HandleAsync(_message);
        Assert.Contains("AllowHttp", (await Log().FindAsync("film-00.completed", "city", 1))!.Error);

        _options.AllowHttp = true;
        await Step().HandleAsync(_message with { EventId = "film-01.completed" });
        Assert.Equal(DeliveryOutcome.Delivered, (await Log().FindAsync("film-01.completed", "city", 1))!.Outcome);
    }

    [Fact]
    public async Task Neither_a_secret_nor_the_url_s_query_is_ever_written_down()
    {
        _receiver.Answer = () => new HttpResponseMessage(HttpStatusCode.InternalServerError);
        await Step().HandleAsync(_message);

        List<BlobProperties> blobs = await _blobs.ListAllAsync(BlobContainers.Webhooks).ToListAsync();
        byte[][] written = await Task.WhenAll(blobs.Select(async blob => (await _blobs.ReadBytesAsync(blob.Path))!));
        string everything = string.Concat([.. _logged, .. written.Select(Encoding.UTF8.GetString), .. _queue.Sent(QueueNames.Deliver).Select(sent => sent.Body)]);
        Assert.NotEmpty(_logged);
        Assert.DoesNotContain(Secret[6..], everything);
        Assert.DoesNotContain("hidden-in-the-url", everything);
        Assert.DoesNotContain(Secret[6..], (await Webhooks().FindAsync("city"))!.ToString());
    }

    [Fact]
    public async Task A_replay_posts_the_event_once_more_with_its_own_id()
    {
        await _blobs.WriteBytesAsync(DeliveryLog.EventPath("film-00.completed"), Encoding.UTF8.GetBytes(Event));
        await Step().HandleAsync(_message);

        int? attempt = await new DeliveryReplay(_blobs, _queue, Log()).ReplayAsync("film-00.completed", "city");
        await Step().HandleAsync(MessageSerializer.Deserialize<DeliverMessage>(Assert.Single(_queue.Sent(QueueNames.Deliver)).Body));

        Assert.Equal(11, attempt);
        Assert.Equal(2, _receiver.Requests.Count);
        Assert.All(_receiver.Requests, pair => Assert.Equal("film-00.completed", Header(pair.Request, "webhook-id")));
        Assert.Null(await new DeliveryReplay(_blobs, _queue, Log()).ReplayAsync("unknown-00.completed", "city"));
    }

    [Theory]
    [InlineData("../../x", "city", 1)]
    [InlineData("film..x", "city", 1)]
    [InlineData("film", "../city", 1)]
    [InlineData("film", "city", 0)]
    public async Task Ids_that_are_none_are_a_faulty_message(string eventId, string endpointId, int attempt) =>
        await Assert.ThrowsAsync<MessageFormatException>(() => Step().HandleAsync(new DeliverMessage(endpointId, eventId, Event, attempt)));

    private static string Header(HttpRequestMessage request, string name) => Assert.Single(request.Headers.GetValues(name));

    private WebhookStore Webhooks() => new(_blobs, Options.Create(_options), _time, NullLogger<WebhookStore>.Instance);

    private DeliveryLog Log() => new(_blobs);

    private DeliverStep Step(HttpClient? client = null) =>
        new(Webhooks(), Log(), _queue, client ?? new HttpClient(_receiver), Options.Create(_options), _time, new ListLogger(_logged));

    private sealed class Receiver : HttpMessageHandler
    {
        public List<(HttpRequestMessage Request, byte[] Body)> Requests { get; } = [];

        public Func<HttpResponseMessage> Answer { get; set; } = () => new HttpResponseMessage(HttpStatusCode.OK);

        public bool Hang { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request, await request.Content!.ReadAsByteArrayAsync(cancellationToken)));
            if (Hang)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return Answer();
        }
    }

    private sealed class ListLogger(List<string> lines) : ILogger<DeliverStep>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
