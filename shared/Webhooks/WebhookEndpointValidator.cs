using CloudPipe.Inspections;

namespace CloudPipe.Webhooks;

/// <summary>Checks an endpoint: one message per fault, never with a secret in it.</summary>
public static class WebhookEndpointValidator
{
    /// <summary>Checks an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="options">What is allowed.</param>
    /// <returns>The faults; none when it is sound.</returns>
    public static IEnumerable<string> Validate(WebhookEndpoint endpoint, WebhookOptions options)
    {
        if (!IsId(endpoint.Id))
            yield return "the id must be 1 to 40 characters of a-z, 0-9 and hyphen.";
        if (!endpoint.Url.IsAbsoluteUri || (endpoint.Url.Scheme != Uri.UriSchemeHttps && endpoint.Url.Scheme != Uri.UriSchemeHttp))
            yield return "the URL must be an absolute https URL.";
        else if (endpoint.Url.Scheme == Uri.UriSchemeHttp && !options.AllowHttp)
            yield return "the URL must be https; set Webhooks:AllowHttp to allow http.";
        else if (endpoint.Url.UserInfo.Length > 0)
            yield return "the URL must not hold a user name or password.";
        if (endpoint.Secrets.Count == 0)
            yield return "it has no secret; every delivery is signed.";
        foreach ((int index, string secret) in endpoint.Secrets.Index())
        {
            if (!WebhookSigner.TryDecodeSecret(secret, out _))
                yield return $"secret {index} must be 'whsec_' and the base64 of 24 to 64 bytes.";
        }

        foreach (string type in (endpoint.EventTypes ?? []).Where(type => !Events.EventTypes.All.Contains(type)))
            yield return $"the event type '{type}' is not known; there are {string.Join(", ", Events.EventTypes.All)}.";
    }

    /// <summary>Whether a text may be an endpoint's id, and so stand in a path and a message's id.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it has 1 to 40 characters of a-z, 0-9 and hyphen.</returns>
    public static bool IsId(string text) => text.Length <= 40 && InspectionId.IsWellFormed(text);
}
