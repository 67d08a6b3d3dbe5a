using System.Text.Json;
using System.Text.Json.Serialization;
using CloudPipe.Ensembling;
using CloudPipe.Messages;

namespace CloudPipe.Runs;

/// <summary>Reads and checks training requests.</summary>
public static class RunRequestReader
{
    /// <summary>The largest request that is accepted, in bytes.</summary>
    public const int LargestFile = 256 * 1024;

    private const string Extension = ".json";

    // A misspelt key would train something else than was meant, for hours.
    private static readonly JsonSerializerOptions _strict = new(CloudPipeJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Whether a blob of the container <c>training</c> is a request: a JSON file at its top, not hidden.</summary>
    /// <param name="blobName">The blob's name.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsRequest(string blobName) =>
        blobName.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) && blobName.Length > Extension.Length && blobName[0] != '.' && !blobName.Contains('/', StringComparison.Ordinal);

    /// <summary>The release that a request makes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="blobName">Its name in the container.</param>
    /// <returns>The release's name.</returns>
    public static string ReleaseOf(RunRequest request, string blobName) => request.Release ?? blobName[..^Extension.Length];

    /// <summary>Reads a request.</summary>
    /// <param name="json">Its bytes, UTF-8.</param>
    /// <param name="blobName">Its name in the container, for messages.</param>
    /// <returns>The request, checked for all that can be checked without its data sets.</returns>
    /// <exception cref="TrainingException">It is no such JSON, or a value is out of its range; all faults are named.</exception>
    public static RunRequest Read(ReadOnlySpan<byte> json, string blobName)
    {
        RunRequest request;
        try
        {
            ReadOnlySpan<byte> text = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
            request = JsonSerializer.Deserialize<RunRequest>(text, _strict) ?? throw new JsonException("it holds null");
        }
        catch (JsonException exception)
        {
            throw new TrainingException($"The training request '{blobName}' is not understood: {exception.Message} Correct it and upload it again.", exception);
        }

        string[] faults = [.. Faults(request, blobName)];
        return faults.Length == 0
            ? request
            : throw new TrainingException($"The training request '{blobName}' is faulty: {string.Join(" ", faults)} Correct it and upload it again.");
    }

    private static IEnumerable<string> Faults(RunRequest request, string blobName)
    {
        if (!ReleaseValidator.IsName(ReleaseOf(request, blobName)))
        {
            yield return $"'{ReleaseOf(request, blobName)}' cannot name a release: set release to 1 to 64 characters of a-z, 0-9, hyphen and dot.";
        }

        if (request.Models.Count is 0 or > 32)
        {
            yield return $"models has {request.Models.Count} entries; 1 to 32 are accepted.";
        }

        foreach (IGrouping<string, RunModel> same in request.Models.GroupBy(model => model.Architecture, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return $"models names {same.Key} {same.Count()} times; once is enough.";
        }

        foreach (RunModel model in request.Models)
        {
            if (!IsArchitecture(model.Architecture))
            {
                yield return $"'{model.Architecture}' cannot be an architecture's name.";
            }

            if (model.TileSize is < 16 or > 2048)
            {
                yield return $"The tileSize of {model.Architecture} is {model.TileSize}; it must be 16 to 2048 pixels.";
            }

            if (model.Recipe is not null)
            {
                foreach (string fault in model.Recipe.Faults())
                {
                    yield return $"{model.Architecture}: {fault}";
                }

                if (!model.Recipe.Mean.SequenceEqual(request.Recipe.Mean) || !model.Recipe.StandardDeviation.SequenceEqual(request.Recipe.StandardDeviation))
                {
                    yield return $"{model.Architecture} has another mean or standardDeviation than the run: a release has one of each for all its networks.";
                }
            }
        }

        foreach (string fault in request.Recipe.Faults())
        {
            yield return fault;
        }

        if (request.Folds is < 2 or > 100)
        {
            yield return $"folds is {request.Folds}; it must be 2 to 100.";
        }

        if (request.StratificationOrder is not (1 or 2))
        {
            yield return $"stratificationOrder is {request.StratificationOrder}; it must be 1 or 2.";
        }

        if (request.SegmentSeconds is not (>= 1 and <= 3600))
        {
            yield return $"segmentSeconds is {request.SegmentSeconds}; it must be 1 to 3600.";
        }
    }

    // It becomes part of blob names; whether there is such a network, the worker knows.
    private static bool IsArchitecture(string name) =>
        name.Length is > 0 and <= 64 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '+' or '-');
}
