using System.Text.Json;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudPipe.Webhooks;

/// <summary>
/// The webhook endpoints: those of the configuration and those in the webhooks container. That an endpoint is disabled is
/// a blob of its own, <c>disabled/&lt;id&gt;.json</c>, so that it works for both kinds and no writer undoes another's change.
/// </summary>
/// <param name="store">Where the webhooks container is.</param>
/// <param name="options">The configured endpoints.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of endpoint files that cannot be used.</param>
public sealed partial class WebhookStore(IBlobStore store, IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookStore> logger)
{
    private const string EndpointPrefix = "endpoints/";

    // Endpoints change seldom, and every inspection's event asks for them.
    private static readonly TimeSpan _longestMemory = TimeSpan.FromSeconds(10);

    private volatile Listing? _recent;

    /// <summary>Lists every endpoint, disabled ones too. A faulty file is logged and left out: it must not stop the others.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The endpoints, in order of their ids.</returns>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(CancellationToken cancellationToken = default)
    {
        var endpoints = new SortedDictionary<string, WebhookEndpoint>(StringComparer.Ordinal);
        await foreach (BlobProperties blob in store.ListAllAsync(BlobContainers.Webhooks, EndpointPrefix, cancellationToken).ConfigureAwait(false))
        {
            if (await ReadAsync(blob.Path, cancellationToken).ConfigureAwait(false) is WebhookEndpoint endpoint)
                endpoints[endpoint.Id] = endpoint;
        }

        foreach (WebhookEndpoint endpoint in options.Value.Endpoints.Select(ToEndpoint))
            endpoints[endpoint.Id] = endpoint;

        var checkedEndpoints = new List<WebhookEndpoint>(endpoints.Count);
        foreach (WebhookEndpoint endpoint in endpoints.Values)
            checkedEndpoints.Add(await WithDisabledReasonAsync(endpoint, cancellationToken).ConfigureAwait(false));
        return checkedEndpoints;
    }

    /// <summary>Lists every endpoint as it was at most ten seconds ago.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The endpoints, in order of their ids.</returns>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListRecentAsync(CancellationToken cancellationToken = default)
    {
        Listing? recent = _recent;
        if (recent is null || time.GetUtcNow() >= recent.At + _longestMemory)
        {
            recent = new Listing(time.GetUtcNow(), await ListAsync(cancellationToken).ConfigureAwait(false));
            _recent = recent;
        }

        return recent.Endpoints;
    }

    /// <summary>Looks an endpoint up; one of the configuration comes before a file of the same id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The endpoint, or <see langword="null"/> when there is none or its file is faulty.</returns>
    public async Task<WebhookEndpoint?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        if (!WebhookEndpointValidator.IsId(id))
            return null;

        WebhookEndpoint? endpoint = options.Value.Endpoints.Where(entry => entry.Id == id).Select(ToEndpoint).FirstOrDefault()
            ?? await ReadAsync(EndpointPath(id), cancellationToken).ConfigureAwait(false);
        return endpoint is null ? null : await WithDisabledReasonAsync(endpoint, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether an endpoint is one of the configuration, which no file replaces.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Whether it is.</returns>
    public bool IsConfigured(string id) => options.Value.Endpoints.Any(entry => entry.Id == id);

    /// <summary>Writes an endpoint's file and enables it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentException">It is faulty.</exception>
    public async Task SaveAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken = default)
    {
        string[] faults = [.. WebhookEndpointValidator.Validate(endpoint, options.Value)];
        if (faults.Length > 0)
            throw new ArgumentException($"The webhook endpoint '{endpoint.Id}' is faulty: {string.Join(" ", faults)}", nameof(endpoint));

        await store.WriteJsonAsync(EndpointPath(endpoint.Id), endpoint with { DisabledReason = null }, cancellationToken: cancellationToken).ConfigureAwait(false);
        await EnableAsync(endpoint.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes an endpoint's file; what waits for it is dropped when its turn comes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        RequireId(id);
        bool deleted = await store.DeleteAsync(EndpointPath(id), cancellationToken).ConfigureAwait(false);
        await EnableAsync(id, cancellationToken).ConfigureAwait(false);
        return deleted;
    }

    /// <summary>Stops delivery to an endpoint. The first reason stays.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="reason">Why, for a person.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task DisableAsync(WebhookEndpoint endpoint, string reason, CancellationToken cancellationToken = default) =>
        store.WriteJsonAsync(
            DisabledPath(endpoint.Id), new WebhookDisabling(endpoint.Url, reason, time.GetUtcNow()), WriteCondition.IfAbsent, cancellationToken);

    /// <summary>Starts delivery to a disabled endpoint again.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it was disabled.</returns>
    public Task<bool> EnableAsync(string id, CancellationToken cancellationToken = default)
    {
        RequireId(id);
        return store.DeleteAsync(DisabledPath(id), cancellationToken);
    }

    private static WebhookEndpoint ToEndpoint(WebhookEndpointOptions entry) =>
        new(entry.Id, new Uri(entry.Url), [.. entry.Secrets], [.. entry.EventTypes]);

    private static BlobPath EndpointPath(string id) => new(BlobContainers.Webhooks, $"{EndpointPrefix}{id}.json");

    private static BlobPath DisabledPath(string id) => new(BlobContainers.Webhooks, $"disabled/{id}.json");

    private static void RequireId(string id)
    {
        if (!WebhookEndpointValidator.IsId(id))
            throw new ArgumentException("A webhook endpoint's id has 1 to 40 characters of a-z, 0-9 and hyphen.", nameof(id));
    }

    private async Task<WebhookEndpoint?> ReadAsync(BlobPath path, CancellationToken cancellationToken)
    {
        try
        {
            WebhookEndpoint? endpoint = await store.ReadJsonAsync<WebhookEndpoint>(path, cancellationToken).ConfigureAwait(false);
            if (endpoint is null)
                return null;

            string[] faults = [.. WebhookEndpointValidator.Validate(endpoint, options.Value)];
            if (path != EndpointPath(endpoint.Id))
                faults = [.. faults, "the id is not the file's name."];
            if (faults.Length == 0)
                return endpoint;

            LogFaulty(path.ToString(), string.Join(" ", faults));
        }
        catch (JsonException)
        {
            // The parser's message may quote the file, secrets and all.
            LogFaulty(path.ToString(), "it is not the JSON of a webhook endpoint.");
        }

        return null;
    }

    private async Task<WebhookEndpoint> WithDisabledReasonAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken)
    {
        WebhookDisabling? disabling = await store.ReadJsonAsync<WebhookDisabling>(DisabledPath(endpoint.Id), cancellationToken).ConfigureAwait(false);

        // What was said of another URL says nothing of this one.
        return endpoint with { DisabledReason = disabling?.Url == endpoint.Url ? disabling?.Reason : null };
    }

    private sealed record Listing(DateTimeOffset At, IReadOnlyList<WebhookEndpoint> Endpoints);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook endpoint file {Path} is left out: {Faults}")]
    private partial void LogFaulty(string path, string faults);
}
