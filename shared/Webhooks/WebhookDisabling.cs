namespace CloudPipe.Webhooks;

/// <summary>That delivery to an endpoint has stopped: <c>webhooks/disabled/&lt;id&gt;.json</c>.</summary>
/// <param name="Url">The URL that it is about: an endpoint that got another one starts afresh.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="DisabledAt">Since when.</param>
public sealed record WebhookDisabling(Uri Url, string Reason, DateTimeOffset DisabledAt);
