using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Idempotency;
using CloudPipe.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CloudPipe.Functions.Api;

/// <summary>
/// An answer that fits into memory. A successful answer to a GET carries an ETag, the hash of its body, and becomes
/// <c>304 Not Modified</c> for a client that has it already. It writes itself, so that any host with an
/// <see cref="HttpContext"/> can serve it.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The body's media type; <see langword="null"/> without a body.</param>
/// <param name="Body">The body.</param>
public sealed record ApiAnswer(int Status, string? ContentType, byte[]? Body) : IActionResult
{
    /// <summary>JSON's media type.</summary>
    public const string JsonMediaType = "application/json";

    /// <summary>Where what was made can be looked at, or <see langword="null"/>.</summary>
    public string? Location { get; init; }

    /// <summary>The methods that the path takes, or <see langword="null"/>.</summary>
    public string? Allow { get; init; }

    /// <summary>How long a client should wait before it asks again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How long a repeat of the request with the same idempotency key may have this answer; <see langword="null"/> for the longest time.</summary>
    public TimeSpan? ValidFor { get; init; }

    /// <summary>Answers with JSON.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="status">The HTTP status.</param>
    /// <returns>The answer.</returns>
    public static ApiAnswer Json<T>(T value, int status = StatusCodes.Status200OK) =>
        new(status, JsonMediaType, JsonSerializer.SerializeToUtf8Bytes(value, CloudPipeJson.Options));

    /// <summary>Answers that a request cannot be carried out.</summary>
    /// <param name="problem">Why.</param>
    /// <returns>The answer.</returns>
    public static ApiAnswer Of(Problem problem) =>
        new(problem.Status, Problem.MediaType, JsonSerializer.SerializeToUtf8Bytes(problem, CloudPipeJson.Options));

    /// <summary>Answers without a body.</summary>
    /// <returns>The answer.</returns>
    public static ApiAnswer NoContent() => new(StatusCodes.Status204NoContent, null, null);

    /// <summary>Gives an answer that was kept.</summary>
    /// <param name="stored">The answer.</param>
    /// <returns>The same answer.</returns>
    public static ApiAnswer Of(StoredAnswer stored) =>
        new(stored.Status, stored.ContentType, stored.Body is null ? null : System.Text.Encoding.UTF8.GetBytes(stored.Body)) { Location = stored.Location };

    /// <summary>The answer as it is kept for repeats.</summary>
    /// <returns>The answer.</returns>
    public StoredAnswer ToStored() => new(Status, ContentType, Body is null ? null : System.Text.Encoding.UTF8.GetString(Body), Location);

    /// <inheritdoc/>
    public Task ExecuteResultAsync(ActionContext context) => WriteAsync(context.HttpContext);

    /// <summary>Writes the answer.</summary>
    /// <param name="context">The request and its response.</param>
    public async Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        bool isCacheable = HttpMethods.IsGet(context.Request.Method) && Status == StatusCodes.Status200OK && Body is not null;
        if (ConditionalRead.Begin(context, isCacheable ? $"\"{Convert.ToHexStringLower(SHA256.HashData(Body!).AsSpan(0, 16))}\"" : null))
        {
            return;
        }

        response.StatusCode = Status;
        response.Headers.Location = Location;
        response.Headers.Allow = Allow;
        response.Headers.RetryAfter = RetryAfter is { } wait ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;
        if (Body is not null)
        {
            response.ContentType = ContentType;
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
