using Microsoft.Extensions.Options;

namespace CloudPipe.Webhooks;

/// <summary>Refuses a configuration whose endpoints could never be delivered to.</summary>
public sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var faults = new List<string>();
        foreach ((int index, WebhookEndpointOptions endpoint) in options.Endpoints.Index())
        {
            IEnumerable<string> found = Uri.TryCreate(endpoint.Url, UriKind.Absolute, out Uri? url)
                ? WebhookEndpointValidator.Validate(new WebhookEndpoint(endpoint.Id, url, [.. endpoint.Secrets], [.. endpoint.EventTypes]), options)
                : ["the URL is not absolute."];
            faults.AddRange(found.Select(fault => $"Webhooks:Endpoints:{index} ('{endpoint.Id}'): {fault}"));
        }

        faults.AddRange(options.Endpoints.GroupBy(endpoint => endpoint.Id, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => $"Webhooks:Endpoints: the id '{group.Key}' is there more than once."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
