namespace CloudPipe.Functions.Api.OpenApi;

/// <summary>A query parameter that an operation reads, for the OpenAPI document.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it means.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class QueryParameterAttribute(string name, string description) : Attribute
{
    /// <summary>What every page's operation says of <c>limit</c>.</summary>
    public const string Limit = "How many things a page has at most: 1 to 200, 50 by default. A page may have fewer although more follow.";

    /// <summary>What every page's operation says of <c>continuationToken</c>.</summary>
    public const string Continuation = "Where the page begins, from 'nextLink' of the page before.";

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it means.</summary>
    public string Description { get; } = description;

    /// <summary>Whether it is a whole number; otherwise it is text.</summary>
    public bool IsNumber { get; set; }
}
