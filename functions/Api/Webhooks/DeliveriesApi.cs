using System.Text.Json;
using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Storage;
using CloudPipe.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api.Webhooks;

/// <summary>Shows what became of events, and delivers them again.</summary>
/// <param name="api">What every operation has in common.</param>
/// <param name="store">Where the events are kept.</param>
/// <param name="webhooks">The endpoints.</param>
/// <param name="log">The attempts.</param>
/// <param name="replay">Delivers again.</param>
public sealed class DeliveriesApi(ApiHandler api, IBlobStore store, WebhookStore webhooks, DeliveryLog log, DeliveryReplay replay)
{
    /// <summary>Shows every attempt to deliver an event.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The event: the webhook-id of its deliveries.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("GetDelivery")]
    [Answer(200, typeof(DeliveryView), "The attempts.")]
    [Answer(404, typeof(Problem), "No event of this id is kept: an event that no endpoint wanted is not.")]
    public Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/deliveries/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.HandleAsync(request, (_, stop) => GetAsync(id, stop), cancellationToken);

    /// <summary>Delivers an event once more, whatever became of it before.</summary>
    /// <remarks>Receivers see the same webhook-id again.</remarks>
    /// <param name="request">The request.</param>
    /// <param name="id">The event.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("ReplayDelivery")]
    [QueryParameter("endpoint", "The endpoint; every enabled one that wants the event when it is left out.")]
    [Answer(202, typeof(DeliveryReplayed), "It is on its way.")]
    [Answer(404, typeof(Problem), "No event of this id is kept, or there is no such endpoint.")]
    [Answer(409, typeof(Problem), "The endpoint is disabled, or none wants the event.")]
    public Task<IActionResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/deliveries/{id}/replay")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        api.HandleAsync(request, (call, stop) => ReplayAsync(call, id, stop), cancellationToken);

    private async Task<IActionResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (!DeliveryLog.IsEventId(id) || await store.FindAsync(DeliveryLog.EventPath(id), cancellationToken).ConfigureAwait(false) is null)
        {
            throw NotKept();
        }

        return ApiAnswer.Json(new DeliveryView(id, await log.ListAsync(id, cancellationToken).ConfigureAwait(false)));
    }

    private async Task<IActionResult> ReplayAsync(ApiCall call, string id, CancellationToken cancellationToken)
    {
        byte[] json = (DeliveryLog.IsEventId(id) ? await store.ReadBytesAsync(DeliveryLog.EventPath(id), cancellationToken).ConfigureAwait(false) : null) ?? throw NotKept();
        var attempts = new List<ReplayedAttempt>();
        foreach (string endpointId in await ChooseAsync(call.Query("endpoint"), json, cancellationToken).ConfigureAwait(false))
        {
            int attempt = await replay.ReplayAsync(id, endpointId, cancellationToken).ConfigureAwait(false) ?? throw NotKept();
            attempts.Add(new ReplayedAttempt(endpointId, attempt));
        }

        return ApiAnswer.Json(new DeliveryReplayed(id, attempts), StatusCodes.Status202Accepted) with { Location = $"/api/deliveries/{id}" };
    }

    private async Task<IReadOnlyList<string>> ChooseAsync(string? endpointId, byte[] json, CancellationToken cancellationToken)
    {
        if (endpointId is null)
        {
            using JsonDocument document = JsonDocument.Parse(json);
            string type = document.RootElement.GetProperty("type").GetString()!;
            string[] wanting = [.. (await webhooks.ListAsync(cancellationToken).ConfigureAwait(false)).Where(endpoint => endpoint.Wants(type)).Select(endpoint => endpoint.Id)];
            return wanting.Length > 0 ? wanting : throw new ProblemException(ProblemType.Conflict, $"No enabled webhook endpoint wants events of the type '{type}'.");
        }

        WebhookEndpoint endpoint = await webhooks.FindAsync(endpointId, cancellationToken).ConfigureAwait(false)
            ?? throw new ProblemException(ProblemType.NotFound, "The parameter 'endpoint' names no webhook endpoint; /api/webhooks lists them.", "endpoint");
        return endpoint.DisabledReason is null
            ? [endpoint.Id]
            : throw new ProblemException(ProblemType.Conflict, $"The webhook endpoint '{endpoint.Id}' is disabled: {endpoint.DisabledReason} Save it again to enable it.", "endpoint");
    }

    private static ProblemException NotKept() => new(ProblemType.NotFound, "No event of this id is kept. Only events that an endpoint wanted when they happened are.", "id");
}
