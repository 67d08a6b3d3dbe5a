namespace CloudPipe.Functions.Api.Webhooks;

/// <summary>An endpoint that is to receive events.</summary>
/// <param name="Url">Where to post: an absolute https URL.</param>
/// <param name="Id">1 to 40 characters of a-z, 0-9 and hyphen. One that is there is replaced; one is made up when it is left out.</param>
/// <param name="Secrets">What signs, newest first: <c>whsec_</c> and the base64 of 24 to 64 random bytes, each. One is made when they are left out.</param>
/// <param name="EventTypes">The event types wanted; all when they are left out.</param>
/// <param name="Handshake">Whether the receiver is asked first whether it wants deliveries, as CloudEvents' HTTP webhooks 1.0.2 say; nothing is saved unless it consents.</param>
public sealed record NewWebhook(Uri Url, string? Id = null, IReadOnlyList<string>? Secrets = null, IReadOnlyList<string>? EventTypes = null, bool Handshake = false);
