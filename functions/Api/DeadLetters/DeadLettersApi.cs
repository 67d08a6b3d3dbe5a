using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Queues;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api.DeadLetters;

/// <summary>Shows the messages that were set aside, and sends them again.</summary>
/// <param name="api">What every operation has in common.</param>
/// <param name="queue">The queues.</param>
/// <param name="served">Which of them.</param>
public sealed class DeadLettersApi(ApiHandler api, IMessageQueue queue, ServedQueues served)
{
    /// <summary>Lists the messages that were set aside, with their reasons.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("ListDeadLetters")]
    [QueryParameter("queue", "Only this queue's.")]
    [QueryParameter("limit", "How many of each queue at most: 1 to 200, 50 by default.", IsNumber = true)]
    [Answer(200, typeof(DeadLetterList), "The messages.")]
    public Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/dead-letters")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(request, ListAsync, cancellationToken);

    /// <summary>Sends dead letters again, with a delivery count of zero.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("RequeueDeadLetters")]
    [Takes(typeof(RequeueRequest))]
    [Answer(200, typeof(Requeued), "They are on their way.")]
    [Answer(404, typeof(Problem), "There is no such dead letter.")]
    public Task<IActionResult> RequeueAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/dead-letters")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(request, RequeueAsync, cancellationToken);

    private async Task<IActionResult> ListAsync(ApiCall call, CancellationToken cancellationToken)
    {
        int limit = call.Limit();
        IReadOnlyList<string> names = call.Query("queue") is { } name ? [Checked(name)] : served.Names;
        var items = new List<DeadLetterView>();
        var truncated = new List<string>();
        foreach (string queueName in names)
        {
            // One more than is shown tells whether there are more.
            IReadOnlyList<DeadLetter> letters = await queue.ListDeadLettersAsync(queueName, limit + 1, cancellationToken).ConfigureAwait(false);
            items.AddRange(letters.Take(limit).Select(DeadLetterView.Of));
            if (letters.Count > limit)
            {
                truncated.Add(queueName);
            }
        }

        return ApiAnswer.Json(new DeadLetterList(items, truncated));
    }

    private async Task<IActionResult> RequeueAsync(ApiCall call, CancellationToken cancellationToken)
    {
        RequeueRequest wanted = call.Read<RequeueRequest>();
        string name = Checked(wanted.Queue);
        if (wanted.All == wanted.Id is not null)
        {
            throw new ProblemException(ProblemType.InvalidField, "Give 'id' for one message, or 'all' for every dead letter of the queue; not both.", "id");
        }

        int count = await queue.RequeueAsync(name, wanted.Id, cancellationToken).ConfigureAwait(false);
        return count > 0 || wanted.All
            ? ApiAnswer.Json(new Requeued(count))
            : throw new ProblemException(ProblemType.NotFound, $"The queue '{name}' has no dead letter of this id; /api/dead-letters lists them.", "id");
    }

    private string Checked(string name) => served.Names.Contains(name)
        ? name
        : throw new ProblemException(ProblemType.InvalidField, $"'queue' names none; there are {string.Join(", ", served.Names)}.", "queue");
}
