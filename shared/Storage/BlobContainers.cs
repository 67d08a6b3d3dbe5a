namespace CloudPipe.Storage;

/// <summary>The containers that CloudPipe reads and writes.</summary>
public static class BlobContainers
{
    /// <summary>Uploaded videos and their <c>.json</c> sidecars: the only container that users write to, beside <see cref="Training"/>.</summary>
    public const string Inspections = "inspections";

    /// <summary>One plan per inspection: <c>&lt;id&gt;.json</c>.</summary>
    public const string Plans = "plans";

    /// <summary>Cut frames: <c>&lt;id&gt;/&lt;shard&gt;.tar</c>.</summary>
    public const string Shards = "shards";

    /// <summary>Scores of one member group on one shard: <c>&lt;id&gt;/&lt;shard&gt;-&lt;group&gt;.json</c>.</summary>
    public const string Predictions = "predictions";

    /// <summary>What the user receives: <c>&lt;id&gt;/result.json</c>, <c>&lt;id&gt;/report.html</c>.</summary>
    public const string Results = "results";

    /// <summary>Releases: <c>&lt;name&gt;.json</c> and their weights, <c>&lt;name&gt;/*.safetensors</c>.</summary>
    public const string Releases = "releases";

    /// <summary>Training requests: <c>&lt;run&gt;.json</c>.</summary>
    public const string Training = "training";

    /// <summary>The state of training runs: folds, checkpoints, out-of-fold predictions: <c>&lt;run&gt;/…</c>.</summary>
    public const string Runs = "runs";

    /// <summary>Data sets that training reads: <c>&lt;name&gt;/dataset.json</c> and their frames, <c>&lt;name&gt;/&lt;shard&gt;.tar</c>.</summary>
    public const string Datasets = "datasets";

    /// <summary>Bodies of messages too large for their queue.</summary>
    public const string Claims = "claims";

    /// <summary>Webhook subscriptions and the log of every delivery attempt.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>
    /// The first answers to requests that carried an idempotency key, <c>&lt;hash&gt;.json</c>: each may be deleted after a day
    /// (see <see cref="CloudPipe.Idempotency.IdempotencyStore"/>). An answer may hold a new webhook's secret or an upload's signed address.
    /// </summary>
    public const string Idempotency = "idempotency";

    /// <summary>Every container, for set-up and for the deployment's own check.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Inspections, Plans, Shards, Predictions, Results, Releases, Training, Runs, Datasets, Claims, Webhooks, Idempotency];
}
