namespace CloudPipe.Functions.Api.Webhooks;

/// <summary>An endpoint that was saved.</summary>
/// <param name="Webhook">The endpoint.</param>
/// <param name="Secret">The secret that was made for it, told this once; <see langword="null"/> when the request brought its own.</param>
public sealed record SavedWebhook(WebhookView Webhook, string? Secret);
