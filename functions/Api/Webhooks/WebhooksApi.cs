using System.Net;
using System.Security.Cryptography;
using CloudPipe.Events;
using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api.Webhooks;

/// <summary>Lists, saves and deletes the endpoints that receive events.</summary>
/// <param name="api">What every operation has in common.</param>
/// <param name="webhooks">The endpoints.</param>
/// <param name="handshake">Asks receivers for consent.</param>
/// <param name="options">What is allowed.</param>
public sealed class WebhooksApi(ApiHandler api, WebhookStore webhooks, WebhookHandshake handshake, WebhookOptions options)
{
    /// <summary>Lists the endpoints, disabled ones too.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("ListWebhooks")]
    [Answer(200, typeof(Page<WebhookView>), "All of them, by their ids, on one page.")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/webhooks")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(
            request,
            async (_, stop) => ApiAnswer.Json(new Page<WebhookView>([.. (await webhooks.ListAsync(stop).ConfigureAwait(false)).Select(View)], null)),
            cancellationToken);

    /// <summary>Shows one endpoint.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The endpoint.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("GetWebhook")]
    [Answer(200, typeof(WebhookView), "The endpoint.")]
    [Answer(404, typeof(Problem), "There is no such endpoint.")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/webhooks/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.HandleAsync(
            request,
            async (_, stop) => ApiAnswer.Json(View(await webhooks.FindAsync(id, stop).ConfigureAwait(false) ?? throw NotFound(id))),
            cancellationToken);

    /// <summary>Saves an endpoint and enables it.</summary>
    /// <remarks>
    /// The id of one that is there replaces it, unless the request says If-None-Match: *. So a secret is renewed: without 'secrets' a new one is made and told,
    /// and the newest one before signs along until the next time. A secret is never told again.
    /// </remarks>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("SaveWebhook")]
    [Takes(typeof(NewWebhook))]
    [Answer(201, typeof(SavedWebhook), "It is new.")]
    [Answer(200, typeof(SavedWebhook), "It replaces the one of the same id.")]
    [Answer(409, typeof(Problem), "The configuration has an endpoint of this id.")]
    [Answer(412, typeof(Problem), "There is one of this id, and the request says If-None-Match: *.")]
    [Answer(422, typeof(Problem), "The receiver was asked and does not consent.")]
    public Task<IActionResult> SaveAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/webhooks")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(request, SaveAsync, cancellationToken);

    /// <summary>Deletes an endpoint; what waits for it is dropped.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The endpoint.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("DeleteWebhook")]
    [Answer(204, null, "It is gone.")]
    [Answer(404, typeof(Problem), "There is no such endpoint.")]
    [Answer(409, typeof(Problem), "It is one of the configuration.")]
    public Task<IActionResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/webhooks/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.HandleAsync(request, (_, stop) => DeleteAsync(id, stop), cancellationToken);

    private static ProblemException NotFound(string id) =>
        new(ProblemType.NotFound, $"There is no webhook endpoint '{(WebhookEndpointValidator.IsId(id) ? id : "…")}'; /api/webhooks lists them.", "id");

    private WebhookView View(WebhookEndpoint endpoint) => WebhookView.Of(endpoint, webhooks.IsConfigured(endpoint.Id));

    private async Task<IActionResult> SaveAsync(ApiCall call, CancellationToken cancellationToken)
    {
        NewWebhook wanted = call.Read<NewWebhook>();
        string id = wanted.Id ?? $"webhook-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        CheckId(id);
        CheckUrl(wanted.Url);
        CheckLists(wanted);
        if (webhooks.IsConfigured(id))
        {
            throw ConfiguredConflict(id);
        }

        WebhookEndpoint? before = await webhooks.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (before is not null && call.Request.Headers.IfNoneMatch == "*")
        {
            throw new ProblemException(ProblemType.PreconditionFailed, $"There is a webhook endpoint '{id}' already. Choose another id, or leave 'If-None-Match' out to replace it.", "id");
        }

        if (wanted.Handshake && await handshake.FindRefusalAsync(wanted.Url, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            throw new ProblemException(ProblemType.HandshakeRefused, $"{refusal} Nothing is saved. Let the receiver answer OPTIONS, or leave 'handshake' out.", "url");
        }

        string? secret = wanted.Secrets is { Count: > 0 } ? null : WebhookSigner.CreateSecret();
        IReadOnlyList<string> secrets = secret is null ? wanted.Secrets! : [secret, .. before?.Secrets.Take(1) ?? []];
        var endpoint = new WebhookEndpoint(id, wanted.Url, secrets, wanted.EventTypes);
        await webhooks.SaveAsync(endpoint, cancellationToken).ConfigureAwait(false);
        return ApiAnswer.Json(new SavedWebhook(View(endpoint), secret), before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK) with
        {
            Location = $"/api/webhooks/{id}",
        };
    }

    private async Task<IActionResult> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (webhooks.IsConfigured(id))
        {
            throw ConfiguredConflict(id);
        }

        return WebhookEndpointValidator.IsId(id) && await webhooks.DeleteAsync(id, cancellationToken).ConfigureAwait(false) ? ApiAnswer.NoContent() : throw NotFound(id);
    }

    private static ProblemException ConfiguredConflict(string id) =>
        new(ProblemType.Conflict, $"The webhook endpoint '{id}' is one of the configuration (Webhooks:Endpoints). Change it there, or choose another id.", "id");

    private static void CheckId(string id)
    {
        if (!WebhookEndpointValidator.IsId(id))
        {
            throw new ProblemException(ProblemType.InvalidField, "'id' must be 1 to 40 characters of a-z, 0-9 and hyphen.", "id");
        }
    }

    private void CheckUrl(Uri url)
    {
        // Everything else is sound, so that whatever is wrong is the URL's.
        var endpoint = new WebhookEndpoint("x", url, [WebhookSigner.CreateSecret()]);
        if (WebhookEndpointValidator.Validate(endpoint, options).FirstOrDefault() is { } fault)
        {
            throw new ProblemException(ProblemType.InvalidField, $"'url' is not accepted: {fault}", "url");
        }

        // A name is looked at when it is connected to; an address can be refused here and now.
        if (!options.AllowPrivateAddresses && IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? address) && PrivateAddressGuard.IsPrivate(address))
        {
            throw new ProblemException(ProblemType.InvalidField, "'url' has an address that is not public; set Webhooks:AllowPrivateAddresses to post to it.", "url");
        }
    }

    private static void CheckLists(NewWebhook wanted)
    {
        foreach ((int index, string secret) in (wanted.Secrets ?? []).Index())
        {
            if (!WebhookSigner.TryDecodeSecret(secret, out _))
            {
                throw new ProblemException(ProblemType.InvalidField, $"'secrets[{index}]' must be 'whsec_' and the base64 of 24 to 64 bytes.", $"secrets[{index}]");
            }
        }

        foreach ((int index, string type) in (wanted.EventTypes ?? []).Index())
        {
            if (!EventTypes.All.Contains(type))
            {
                throw new ProblemException(ProblemType.InvalidField, $"'eventTypes[{index}]' is not known; there are {string.Join(", ", EventTypes.All)}.", $"eventTypes[{index}]");
            }
        }
    }
}
