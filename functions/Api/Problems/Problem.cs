using System.Text.Json.Serialization;

namespace CloudPipe.Functions.Api.Problems;

/// <summary>What the API answers when it cannot do what was asked: <c>application/problem+json</c>, RFC 9457.</summary>
/// <param name="Type">The kind of problem, for programs: <c>urn:cloudpipe:problem:…</c>.</param>
/// <param name="Title">The kind of problem, for people.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What was wrong this time, and what to do.</param>
/// <param name="Field">The field of the body, or the parameter, that it is about; left out where it is about none.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Field = null)
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Describes an occurrence of a kind.</summary>
    /// <param name="type">The kind.</param>
    /// <param name="detail">What was wrong this time, and what to do.</param>
    /// <param name="field">The field or parameter that it is about.</param>
    /// <returns>The problem.</returns>
    public static Problem Of(ProblemType type, string detail, string? field = null) => new(type.Uri, type.Title, type.Status, detail, field);
}
