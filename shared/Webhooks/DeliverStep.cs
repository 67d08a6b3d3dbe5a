using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CloudPipe.Events;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudPipe.Webhooks;

/// <summary>
/// Delivers one event to one endpoint, once: posts, logs the attempt, and schedules the next one as a message of its own, so
/// that no message is held for hours. The order (post, log, schedule) makes a repeat after a crash harmless: an attempt in the
/// log is not made again, only its successor is made sure of.
/// </summary>
/// <param name="webhooks">The endpoints.</param>
/// <param name="log">The attempts so far.</param>
/// <param name="queue">Carries the next attempt.</param>
/// <param name="client">Posts; over <see cref="PrivateAddressGuard.CreateHandler"/>, without a time-out of its own.</param>
/// <param name="options">The time-out, and what is allowed.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of every attempt.</param>
public sealed partial class DeliverStep(
    WebhookStore webhooks, DeliveryLog log, IMessageQueue queue, HttpClient client, IOptions<WebhookOptions> options, TimeProvider time, ILogger<DeliverStep> logger)
{
    private const int LongestExcerpt = 500;
    private const string TraceparentHeader = "traceparent"; // W3C Trace Context

    /// <summary>Makes one attempt.</summary>
    /// <param name="message">Which.</param>
    /// <param name="cancellationToken">Stops it; the attempt is not logged then.</param>
    /// <exception cref="MessageFormatException">The message's ids are not of the form of ids, or its attempt is below 1.</exception>
    public async Task HandleAsync(DeliverMessage message, CancellationToken cancellationToken = default)
    {
        if (!DeliveryLog.IsEventId(message.EventId) || !WebhookEndpointValidator.IsId(message.EndpointId) || message.Attempt < 1)
            throw new MessageFormatException("This deliver message has an event or endpoint id that is none, or an attempt below 1. Drop it.");

        DeliveryAttempt? attempt = await log.FindAsync(message.EventId, message.EndpointId, message.Attempt, cancellationToken).ConfigureAwait(false);
        if (attempt is null)
        {
            WebhookEndpoint? endpoint = await webhooks.FindAsync(message.EndpointId, cancellationToken).ConfigureAwait(false);
            if (endpoint is null || endpoint.DisabledReason is not null)
            {
                LogDropped(message.EventId, message.EndpointId, endpoint?.DisabledReason ?? "there is no such endpoint");
                return;
            }

            attempt = await AttemptAsync(endpoint, message, cancellationToken).ConfigureAwait(false);

            // Before the log: a crash between the two is mended by one more attempt, which gets the same answer.
            if (attempt.Outcome == DeliveryOutcome.EndpointDisabled)
                await webhooks.DisableAsync(endpoint, "The receiver answered 410 Gone.", cancellationToken).ConfigureAwait(false);
            await log.WriteAsync(attempt, cancellationToken).ConfigureAwait(false);
            LogAttempt(message.EventId, endpoint.ToString(), message.Attempt, attempt.Outcome, attempt.StatusCode, attempt.Error);
            CloudPipeMeter.CountDeliveryAttempt(attempt.Outcome);
            Describe(attempt);
        }

        if (attempt is { Outcome: DeliveryOutcome.Retrying, NextAttemptAfter: TimeSpan delay })
            await ScheduleAsync(message with { Attempt = message.Attempt + 1 }, delay, cancellationToken).ConfigureAwait(false);
    }

    // On the step's own span: an attempt that failed shows there, though the message's work is done.
    private static void Describe(DeliveryAttempt attempt)
    {
        if (CloudPipeTrace.Current is not { } span)
            return;

        span.SetTag(TraceAttributes.Host, attempt.Host).SetTag(TraceAttributes.HttpStatus, attempt.StatusCode).SetTag(TraceAttributes.DeliveryOutcome, CloudPipeMeter.NameOf(attempt.Outcome));
        if (attempt.Outcome != DeliveryOutcome.Delivered)
            span.Fail(attempt.StatusCode?.ToString(CultureInfo.InvariantCulture) ?? "no_answer");
    }

    private async Task ScheduleAsync(DeliverMessage next, TimeSpan delay, CancellationToken cancellationToken)
    {
        // A late repeat of this message must not start a second chain of attempts.
        if (await log.FindAsync(next.EventId, next.EndpointId, next.Attempt, cancellationToken).ConfigureAwait(false) is null)
            await queue.SendAsync(next.Id, next, delay, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DeliveryAttempt> AttemptAsync(WebhookEndpoint endpoint, DeliverMessage message, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = time.GetUtcNow();
        long start = time.GetTimestamp();
        (int? statusCode, string? error, TimeSpan? retryAfter, bool mayRetry) = await PostAsync(endpoint, message, startedAt, cancellationToken).ConfigureAwait(false);

        TimeSpan? delay = mayRetry ? DeliverySchedule.DelayBefore(message with { Attempt = message.Attempt + 1 }, retryAfter) : null;
        DeliveryOutcome outcome = error is null ? DeliveryOutcome.Delivered
            : statusCode == (int)HttpStatusCode.Gone ? DeliveryOutcome.EndpointDisabled
            : delay is null ? DeliveryOutcome.Failed
            : DeliveryOutcome.Retrying;
        return new DeliveryAttempt(
            message.EventId, message.EndpointId, message.Attempt, endpoint.Url.Host, startedAt,
            time.GetElapsedTime(start).TotalMilliseconds, statusCode, outcome, error, outcome == DeliveryOutcome.Retrying ? delay : null);
    }

    private async Task<(int? StatusCode, string? Error, TimeSpan? RetryAfter, bool MayRetry)> PostAsync(
        WebhookEndpoint endpoint, DeliverMessage message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A rule that was tightened since the endpoint was saved.
        if (WebhookEndpointValidator.Validate(endpoint, options.Value).FirstOrDefault() is string fault)
            return (null, $"The endpoint is faulty: {fault}", null, false);

        using var deadline = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using HttpRequestMessage request = CreateRequest(endpoint, message, now);
            request.Headers.Add(WebhookHandshake.OriginHeader, options.Value.Origin);
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            int statusCode = (int)response.StatusCode;
            if (response.IsSuccessStatusCode)
                return (statusCode, null, null, false);

            string excerpt = await ReadExcerptAsync(response, either.Token).ConfigureAwait(false);
            string error = statusCode is >= 300 and < 400
                ? $"The receiver answered {statusCode}; redirects are not followed, configure the final URL."
                : $"The receiver answered {statusCode}{(excerpt.Length == 0 ? "." : $": {excerpt}")}";
            bool honoursRetryAfter = statusCode is 429 or 502 or 503 or 504;
            return (statusCode, error, honoursRetryAfter ? RetryAfter(response.Headers.RetryAfter, now) : null, statusCode != (int)HttpStatusCode.Gone);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"No answer came within {options.Value.Timeout.TotalSeconds:0.#} s.", null, true);
        }
        catch (Exception exception) when (Refusal(exception) is AddressRefusedException refusal)
        {
            return (null, refusal.Message, null, false);
        }
        catch (HttpRequestException exception)
        {
            return (null, $"The receiver could not be reached: {exception.Message}", null, true);
        }
    }

    private static HttpRequestMessage CreateRequest(WebhookEndpoint endpoint, DeliverMessage message, DateTimeOffset now)
    {
        byte[] body = Encoding.UTF8.GetBytes(message.Event);
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType, "utf-8");
        request.Headers.Add(WebhookSigner.IdHeader, message.EventId);
        request.Headers.Add(WebhookSigner.TimestampHeader, WebhookSigner.Seconds(now));
        request.Headers.TryAddWithoutValidation(WebhookSigner.SignatureHeader, WebhookSigner.Sign(message.EventId, now, body, endpoint.Secrets));

        // The receiver's own spans join the trace. Unlike the event's traceparent, which says where the event was made, this
        // one says where the request was.
        if ((CloudPipeTrace.CurrentTraceparent ?? message.Traceparent) is { } traceparent && CloudPipeTrace.Parse(traceparent) is not null)
            request.Headers.TryAddWithoutValidation(TraceparentHeader, traceparent);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("CloudPipe", "1.0"));
        return request;
    }

    // The receiver's own words, for the log: a little of them, on one line.
    private static async Task<string> ReadExcerptAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[LongestExcerpt];
        int length;
        try
        {
            await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return "";
        }

        string text = Encoding.UTF8.GetString(buffer, 0, length);
        return string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)).Trim();
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        TimeSpan? delay = header?.Delta ?? (header?.Date - now);
        return delay > TimeSpan.Zero ? delay : null;
    }

    private static AddressRefusedException? Refusal(Exception? exception)
    {
        while (exception is not null and not AddressRefusedException)
            exception = exception.InnerException;
        return exception as AddressRefusedException;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Event {EventId} to {Endpoint}, attempt {Attempt}: {Outcome} (status {StatusCode}) {Error}")]
    private partial void LogAttempt(string eventId, string endpoint, int attempt, DeliveryOutcome outcome, int? statusCode, string? error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {EventId} to {EndpointId} is dropped: {Reason}")]
    private partial void LogDropped(string eventId, string endpointId, string reason);
}
