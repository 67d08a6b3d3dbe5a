namespace CloudPipe.Functions.Api.OpenApi;

/// <summary>The body that an operation takes, for the OpenAPI document.</summary>
/// <param name="type">What it holds.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesAttribute(Type type) : Attribute
{
    /// <summary>What it holds.</summary>
    public Type Type { get; } = type;
}
