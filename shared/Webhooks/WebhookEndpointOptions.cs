namespace CloudPipe.Webhooks;

/// <summary>A webhook endpoint from the configuration.</summary>
public sealed class WebhookEndpointOptions
{
    /// <summary>The endpoint's id.</summary>
    /// <value>1 to 40 characters of a-z, 0-9 and hyphen.</value>
    public string Id { get; set; } = "";

    /// <summary>Where to post.</summary>
    /// <value>An absolute https URL.</value>
    public string Url { get; set; } = "";

    /// <summary>What signs; several while a receiver changes over.</summary>
    /// <value><c>whsec_</c> and the base64 of 24 to 64 random bytes, each.</value>
    public IList<string> Secrets { get; set; } = [];

    /// <summary>The event types wanted.</summary>
    /// <value>Empty for all.</value>
    public IList<string> EventTypes { get; set; } = [];
}
