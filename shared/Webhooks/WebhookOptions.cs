using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Webhooks;

/// <summary>How webhooks are delivered.</summary>
public sealed class WebhookOptions
{
    /// <summary>Endpoints beside those in the webhooks container.</summary>
    /// <value>None by default.</value>
    public IList<WebhookEndpointOptions> Endpoints { get; set; } = [];

    /// <summary>How long one attempt may take, from resolving the name to the answer's head.</summary>
    /// <value>20 seconds by default, as Standard Webhooks 1.0.0 advises.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The DNS name under which receivers know this sender: the header <c>WebHook-Request-Origin</c> of every delivery and handshake.</summary>
    /// <value><c>cloudpipe</c> by default.</value>
    [Required]
    [RegularExpression("^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$", ErrorMessage = "It must be a DNS name: letters, digits, hyphens and full stops.")]
    public string Origin { get; set; } = "cloudpipe";

    /// <summary>Whether to post to loopback, private and link-local addresses. On a shared host this lets an endpoint reach what only the host may.</summary>
    /// <value>No by default.</value>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Whether to post over http without TLS.</summary>
    /// <value>No by default.</value>
    public bool AllowHttp { get; set; }
}
