using CloudPipe.Webhooks;

namespace CloudPipe.Functions.Api.Webhooks;

/// <summary>An endpoint that receives events, without its secrets.</summary>
/// <param name="Id">The endpoint.</param>
/// <param name="Url">Where events are posted to.</param>
/// <param name="EventTypes">The event types wanted; empty for all.</param>
/// <param name="SecretCount">How many secrets sign.</param>
/// <param name="IsConfigured">Whether it is one of the configuration, which the API does not change.</param>
/// <param name="DisabledReason">Why nothing is delivered any more; <see langword="null"/> while it is.</param>
public sealed record WebhookView(string Id, Uri Url, IReadOnlyList<string> EventTypes, int SecretCount, bool IsConfigured, string? DisabledReason)
{
    /// <summary>Shows an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="isConfigured">Whether it is one of the configuration.</param>
    /// <returns>The view.</returns>
    public static WebhookView Of(WebhookEndpoint endpoint, bool isConfigured) =>
        new(endpoint.Id, endpoint.Url, endpoint.EventTypes ?? [], endpoint.Secrets.Count, isConfigured, endpoint.DisabledReason);
}
