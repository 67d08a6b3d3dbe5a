using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace CloudPipe.Webhooks;

/// <summary>
/// Asks a receiver whether it wants deliveries before the first one is made, as CloudEvents' HTTP webhooks 1.0.2 say in
/// section 4, abuse protection (https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md): an OPTIONS
/// request names the sender, and an answer that names it too, or <c>*</c>, consents. A status code alone says nothing. No rate
/// is asked for, and permission by callback is not offered.
/// </summary>
/// <param name="client">Asks; over <see cref="PrivateAddressGuard.CreateHandler"/>, without a time-out of its own.</param>
/// <param name="options">The sender's name and the time-out.</param>
/// <param name="time">The clock.</param>
public sealed class WebhookHandshake(HttpClient client, IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>Names the sender, in the handshake and in every delivery.</summary>
    public const string OriginHeader = "WebHook-Request-Origin";

    /// <summary>Names, in the receiver's answer, the sender that may deliver.</summary>
    public const string AllowedOriginHeader = "WebHook-Allowed-Origin";

    /// <summary>Asks a receiver.</summary>
    /// <param name="url">The URL that is to be delivered to.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Why it has not consented, or <see langword="null"/> when it has.</returns>
    public async Task<string?> FindRefusalAsync(Uri url, CancellationToken cancellationToken = default)
    {
        string origin = options.Value.Origin;
        using var deadline = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, url);
            request.Headers.Add(OriginHeader, origin);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("CloudPipe", "1.0"));
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            string[] allowed = response.Headers.TryGetValues(AllowedOriginHeader, out IEnumerable<string>? values) ? [.. values] : [];
            return allowed is [string only] && (only == "*" || string.Equals(only, origin, StringComparison.OrdinalIgnoreCase))
                ? null
                : $"The receiver answered {(int)response.StatusCode} without the header '{AllowedOriginHeader}: {origin}' (or '*').";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"No answer came within {options.Value.Timeout.TotalSeconds:0.#} s.";
        }
        catch (HttpRequestException exception)
        {
            return $"The receiver could not be reached: {FindAddressRefusal(exception) ?? exception.Message}";
        }
        catch (AddressRefusedException exception)
        {
            return exception.Message;
        }
    }

    private static string? FindAddressRefusal(Exception? exception)
    {
        while (exception is not null and not AddressRefusedException)
        {
            exception = exception.InnerException;
        }

        return exception?.Message;
    }
}
