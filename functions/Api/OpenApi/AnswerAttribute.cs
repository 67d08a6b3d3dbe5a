namespace CloudPipe.Functions.Api.OpenApi;

/// <summary>An answer of an operation, for the OpenAPI document.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">What the body holds; <see langword="null"/> without a body.</param>
/// <param name="description">When it is given.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AnswerAttribute(int status, Type? type, string description) : Attribute
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>What the body holds; <see langword="null"/> without a body.</summary>
    public Type? Type { get; } = type;

    /// <summary>When it is given.</summary>
    public string Description { get; } = description;

    /// <summary>The body's media type.</summary>
    /// <value>JSON by default.</value>
    public string ContentType { get; set; } = ApiAnswer.JsonMediaType;
}
