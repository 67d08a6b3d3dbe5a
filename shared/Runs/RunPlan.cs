using System.Text.Json.Serialization;
using CloudPipe.Storage;

namespace CloudPipe.Runs;

/// <summary>What a training run does, written once: <c>runs/&lt;id&gt;/plan.json</c>.</summary>
/// <param name="RunId">The run.</param>
/// <param name="BlobName">The request's name in the container <c>training</c>.</param>
/// <param name="ETag">The request's ETag.</param>
/// <param name="RequestedAt">When the request was written.</param>
/// <param name="Release">The release that it makes.</param>
/// <param name="Request">The request.</param>
/// <param name="DatasetHash">Names the content that is learnt from: a data set that was made anew is not mistaken for it.</param>
/// <param name="EvaluationHash">Of the evaluation's data set; <see langword="null"/> without one.</param>
/// <param name="Folds">Each sample's fold, from 0, in order of the data set.</param>
public sealed record RunPlan(
    string RunId,
    string BlobName,
    [property: JsonPropertyName("etag")] string ETag,
    DateTimeOffset RequestedAt,
    string Release,
    RunRequest Request,
    string DatasetHash,
    string? EvaluationHash,
    IReadOnlyList<int> Folds)
{
    /// <summary>The version of the file's form.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Every fold of every network, each of which is trained by itself.</summary>
    [JsonIgnore]
    public IEnumerable<(RunModel Model, int Fold)> Tasks => Request.Models.SelectMany(model => Enumerable.Range(0, Request.Folds).Select(fold => (model, fold)));

    /// <summary>Where a run's plan lives.</summary>
    /// <param name="runId">The run.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string runId) => new(BlobContainers.Runs, $"{runId}/plan.json");

    /// <summary>Where a file about one fold of one network lives.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="architecture">The network.</param>
    /// <param name="fold">The fold, from 0.</param>
    /// <param name="file">The file's name.</param>
    /// <returns>The blob.</returns>
    public static BlobPath FoldPath(string runId, string architecture, int fold, string file) => new(BlobContainers.Runs, $"{runId}/{architecture}-fold{fold}/{file}");

    /// <summary>The network of a name.</summary>
    /// <param name="architecture">The name.</param>
    /// <returns>The network, or <see langword="null"/> when the run has none of that name.</returns>
    public RunModel? FindModel(string architecture) => Request.Models.FirstOrDefault(model => model.Architecture == architecture);

    /// <summary>How a network is trained.</summary>
    /// <param name="model">The network.</param>
    /// <returns>Its own recipe, or the run's.</returns>
    public TrainingRecipe RecipeOf(RunModel model) => model.Recipe ?? Request.Recipe;

    /// <summary>The samples that a fold holds out.</summary>
    /// <param name="fold">The fold, from 0.</param>
    /// <returns>Their places in the data set, ascending.</returns>
    public int[] HeldOut(int fold) => [.. Enumerable.Range(0, Folds.Count).Where(sample => Folds[sample] == fold)];

    /// <summary>The samples that a fold learns from.</summary>
    /// <param name="fold">The fold, from 0.</param>
    /// <returns>Their places in the data set, ascending.</returns>
    public int[] LearntFrom(int fold) => [.. Enumerable.Range(0, Folds.Count).Where(sample => Folds[sample] != fold)];
}
