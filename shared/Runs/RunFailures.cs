using System.Text.Json;
using CloudPipe.Storage;

namespace CloudPipe.Runs;

/// <summary>Records that a training run, or a fold of it, is given up: what a message or a request is about, it finds out itself.</summary>
/// <param name="store">Where requests are.</param>
/// <param name="runs">Writes results and outcomes.</param>
public sealed class RunFailures(IBlobStore store, RunWriter runs)
{
    /// <summary>Finds the run that a message is about.</summary>
    /// <param name="body">The message, JSON or not.</param>
    /// <returns>Its id, or <see langword="null"/> when the message names none.</returns>
    public static string? FindRunId(string body) => Parse(body)?.RunId;

    /// <summary>Gives up on what a message is about: on one fold when the message is to train it, else on the run.</summary>
    /// <param name="body">The message, JSON or not; one that is about no run is left alone.</param>
    /// <param name="reason">Why, and what to do.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task RecordAsync(string body, string reason, CancellationToken cancellationToken)
    {
        if (Parse(body) is not { } subject)
            return;

        if (subject is { Architecture: { } architecture, Fold: int fold })
            await runs.FailFoldAsync(subject.RunId, architecture, fold, reason, cancellationToken).ConfigureAwait(false);
        else
            await runs.FailAsync(subject.RunId, reason, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives up on a request.</summary>
    /// <param name="blobName">Its name in the container <c>training</c>; one that is gone is left alone.</param>
    /// <param name="reason">Why, and what to do.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task RecordRequestAsync(string blobName, string reason, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(new BlobPath(BlobContainers.Training, blobName), cancellationToken).ConfigureAwait(false) is { } request)
            await runs.FailAsync(request, reason, cancellationToken).ConfigureAwait(false);
    }

    // A message to train has a slice; one that reports a fold is about the whole run.
    private static (string RunId, string? Architecture, int? Fold)? Parse(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "runId") is not { } runId || !RunId.IsWellFormed(runId))
                return null;

            return root.TryGetProperty("slice", out _) && Text(root, "architecture") is { } architecture && root.TryGetProperty("fold", out JsonElement element) && element.TryGetInt32(out int fold)
                ? (runId, architecture, fold)
                : (runId, null, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
