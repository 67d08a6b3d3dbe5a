using CloudPipe.Events;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Telemetry;

namespace CloudPipe.Runs;

/// <summary>
/// Writes what folds and runs came to, once each, and tells whoever waits. What was trained is final; a failure gives way when
/// a requeued message ends better. Every method may be called again: what is stored stays, and the same message goes out.
/// </summary>
/// <param name="store">Where runs are.</param>
/// <param name="queue">Carries the news of folds.</param>
/// <param name="events">Carries the event of a run.</param>
/// <param name="time">The clock.</param>
public sealed class RunWriter(IBlobStore store, IMessageQueue queue, EventPublisher events, TimeProvider time)
{
    /// <summary>Reads a run's plan.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="MessageFormatException">There is no such run.</exception>
    public async Task<RunPlan> ReadPlanAsync(string runId, CancellationToken cancellationToken = default) =>
        await FindPlanAsync(runId, cancellationToken).ConfigureAwait(false)
        ?? throw new MessageFormatException($"There is no training run '{runId}': it has no plan. Drop the message, or upload the request again.");

    /// <summary>Reads a run's result.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result, or <see langword="null"/> while there is none.</returns>
    public Task<RunResult?> FindAsync(string runId, CancellationToken cancellationToken = default) =>
        store.ReadJsonAsync<RunResult>(RunResult.PathOf(runId), cancellationToken);

    /// <summary>Reads a fold's outcome.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="fold">The fold, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The outcome, or <see langword="null"/> while there is none.</returns>
    public Task<FoldOutcome?> FindAsync(string runId, string architecture, int fold, CancellationToken cancellationToken = default) =>
        store.ReadJsonAsync<FoldOutcome>(FoldOutcome.PathOf(runId, architecture, fold), cancellationToken);

    /// <summary>Writes a fold's outcome and sends the message that the run waits for.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="outcome">The outcome.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task EndFoldAsync(string runId, FoldOutcome outcome, CancellationToken cancellationToken = default)
    {
        await store.WriteOnceAsync(FoldOutcome.PathOf(runId, outcome.Architecture, outcome.Fold), outcome, stored => stored.Failure is not null, cancellationToken).ConfigureAwait(false);
        await AnnounceFoldAsync(runId, outcome.Architecture, outcome.Fold, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends the message that a fold has an outcome, again if need be.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="fold">The fold, from 0.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task AnnounceFoldAsync(string runId, string architecture, int fold, CancellationToken cancellationToken = default)
    {
        var message = new ReduceRunMessage(runId, architecture, fold);
        return queue.SendAsync(message.Id, message, cancellationToken: cancellationToken);
    }

    /// <summary>Gives up on a fold.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="fold">The fold, from 0.</param>
    /// <param name="reason">Why, and what to do.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task FailFoldAsync(string runId, string architecture, int fold, string reason, CancellationToken cancellationToken = default)
    {
        // Nothing is written under a name that only a message knows.
        if (await FindPlanAsync(runId, cancellationToken).ConfigureAwait(false) is { } plan && plan.Tasks.Any(task => task.Model.Architecture == architecture && task.Fold == fold))
            await EndFoldAsync(runId, new FoldOutcome(architecture, fold, time.GetUtcNow(), reason, null), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a run's result and emits the event of whatever is stored.</summary>
    /// <param name="result">The result.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result that is stored: this one, or the final one that was there before.</returns>
    public async Task<RunResult> EndAsync(RunResult result, CancellationToken cancellationToken = default)
    {
        RunResult stored = await store.WriteOnceAsync(RunResult.PathOf(result.RunId), result, existing => existing.Status == RunStatus.Failed && result.Status == RunStatus.Completed, cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(stored, result))
            CloudPipeMeter.CountRun(stored);
        await EmitAsync(stored, cancellationToken).ConfigureAwait(false);
        return stored;
    }

    /// <summary>Gives up on a request that has no plan.</summary>
    /// <param name="request">The request as the store has it.</param>
    /// <param name="reason">Why, and what to do.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result that is stored.</returns>
    public Task<RunResult> FailAsync(BlobProperties request, string reason, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = time.GetUtcNow();
        string id = RunId.Create(request.Path.Name, request.ETag);
        return EndAsync(
            new RunResult(id, request.Path.Name, request.ETag, RunStatus.Failed, now, reason, null, null, null, [], (now - request.LastModified).TotalSeconds), cancellationToken);
    }

    /// <summary>Gives up on a run that has a plan.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="reason">Why, and what to do.</param>
    /// <param name="folds">Its folds, where they are known.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result that is stored, or <see langword="null"/> when there is no such plan.</returns>
    public async Task<RunResult?> FailAsync(string runId, string reason, IReadOnlyList<RunFold> folds, CancellationToken cancellationToken = default)
    {
        if (await FindPlanAsync(runId, cancellationToken).ConfigureAwait(false) is not { } plan)
            return null;

        DateTimeOffset now = time.GetUtcNow();
        return await EndAsync(
            new RunResult(runId, plan.BlobName, plan.ETag, RunStatus.Failed, now, reason, null, null, null, folds, (now - plan.RequestedAt).TotalSeconds), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Emits the event of a stored result, again if need be: its id is the same.</summary>
    /// <param name="stored">The result as stored.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task EmitAsync(RunResult stored, CancellationToken cancellationToken = default) => events.PublishAsync(RunEvents.Create(stored), cancellationToken);

    private async Task<RunPlan?> FindPlanAsync(string runId, CancellationToken cancellationToken) =>
        RunId.IsWellFormed(runId) ? await store.ReadJsonAsync<RunPlan>(RunPlan.PathOf(runId), cancellationToken).ConfigureAwait(false) : null;
}
