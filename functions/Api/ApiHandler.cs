using CloudPipe.Functions.Api.Problems;
using CloudPipe.Idempotency;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Functions.Api;

/// <summary>
/// What every operation of the API has in common: bodies are bounded, a repeat with the same idempotency key gets the first
/// answer, and whatever goes wrong becomes a problem (RFC 9457).
/// </summary>
/// <param name="idempotency">The answers that are kept.</param>
/// <param name="logger">Hears of faults that are CloudPipe's own.</param>
public sealed partial class ApiHandler(IdempotencyStore idempotency, ILogger<ApiHandler> logger)
{
    /// <summary>The largest body that is read, in bytes: room for a sidecar, whose own limit is 64 KiB.</summary>
    public const int LargestBody = 128 * 1024;

    /// <summary>The header that names a POST, so that it may be sent again.</summary>
    public const string IdempotencyKeyHeader = "Idempotency-Key";

    /// <summary>The header of an answer that was given before.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    private const int LongestKey = 255;

    private static readonly TimeSpan _retryInProgress = TimeSpan.FromSeconds(1);

    /// <summary>Handles one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operation">Does what is asked; throws <see cref="ProblemException"/> where it cannot.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The answer.</returns>
    public async Task<IActionResult> HandleAsync(HttpRequest request, Func<ApiCall, CancellationToken, Task<IActionResult>> operation, CancellationToken cancellationToken)
    {
        try
        {
            var call = new ApiCall(request, await ReadBodyAsync(request, cancellationToken).ConfigureAwait(false));
            return HttpMethods.IsPost(request.Method) && request.Headers.TryGetValue(IdempotencyKeyHeader, out Microsoft.Extensions.Primitives.StringValues key)
                ? await HandleOnceAsync(call, KeyOf(key.ToString()), operation, cancellationToken).ConfigureAwait(false)
                : await operation(call, cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException exception)
        {
            return ApiAnswer.Of(exception.Problem) with { RetryAfter = exception.RetryAfter };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The path may name a customer's file, but never holds a key; the query may, and is left out.
            string trace = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? request.HttpContext.TraceIdentifier;
            LogFailed(exception, request.Method, request.Path, trace);
            return ApiAnswer.Of(Problem.Of(ProblemType.Internal, $"The log says why, under the trace '{trace}'. Try again later."));
        }
    }

    /// <summary>Handles one request that needs neither a body nor a wait.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operation">Makes the answer.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The answer.</returns>
    public Task<IActionResult> HandleAsync(HttpRequest request, Func<ApiCall, IActionResult> operation, CancellationToken cancellationToken) =>
        HandleAsync(request, (call, _) => Task.FromResult(operation(call)), cancellationToken);

    private async Task<IActionResult> HandleOnceAsync(ApiCall call, string key, Func<ApiCall, CancellationToken, Task<IActionResult>> operation, CancellationToken cancellationToken)
    {
        HttpRequest request = call.Request;
        IdempotencyClaim claim = await idempotency.ClaimAsync($"{request.Method} {request.Path}", key, call.Fingerprint(), cancellationToken).ConfigureAwait(false);
        switch (claim)
        {
            case IdempotencyClaim.Repeat repeat:
                request.HttpContext.Response.Headers[ReplayedHeader] = "true";
                return ApiAnswer.Of(repeat.Answer);
            case IdempotencyClaim.InProgress:
                throw new ProblemException(ProblemType.InProgress, $"A request with this {IdempotencyKeyHeader} is being worked on. Ask again in a second.") { RetryAfter = _retryInProgress };
            case IdempotencyClaim.OtherRequest:
                throw new ProblemException(ProblemType.KeyReused, $"This {IdempotencyKeyHeader} came with another body or other parameters before. Use a new key for a new request.", IdempotencyKeyHeader);
        }

        var first = (IdempotencyClaim.First)claim;
        IActionResult? answer = null;
        try
        {
            answer = await operation(call, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Without the request's token: the client may be gone, and its repeat is what the key is for.
            if (answer is ApiAnswer { Status: < 300 } done)
            {
                await idempotency.CompleteAsync(first, done.ToStored(), done.ValidFor, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await idempotency.ReleaseAsync(first, CancellationToken.None).ConfigureAwait(false);
            }
        }

        return answer;
    }

    // The header is a string as structured fields have it (RFC 9651), in quotes; most clients leave them out.
    private static string KeyOf(string header)
    {
        string key = header.Length > 1 && header[0] == '"' && header[^1] == '"' ? header[1..^1] : header;
        return key.Length is > 0 and <= LongestKey && key.All(character => character is > ' ' and <= '~')
            ? key
            : throw new ProblemException(
                ProblemType.InvalidField, $"The header '{IdempotencyKeyHeader}' must have 1 to {LongestKey} visible ASCII characters, for example a UUID.", IdempotencyKeyHeader);
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return [];
        }

        byte[] buffer = new byte[LargestBody + 1];
        int length = request.ContentLength > LargestBody
            ? buffer.Length
            : await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length <= LargestBody
            ? buffer[..length]
            : throw new ProblemException(ProblemType.BodyTooLarge, $"The body has more than {LargestBody} bytes. Send less; videos go to an upload address.");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed (trace {Trace})")]
    private partial void LogFailed(Exception exception, string method, string path, string trace);
}
