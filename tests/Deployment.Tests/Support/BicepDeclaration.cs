namespace CloudPipe.Deployment.Tests.Support;

/// <summary>A parameter, variable, output, type, resource or module.</summary>
/// <param name="Kind">What it is, as the grammar says.</param>
/// <param name="Name">Its name in the file.</param>
/// <param name="Node">All of it.</param>
/// <param name="Decorators">The names of its decorators.</param>
internal sealed record BicepDeclaration(string Kind, string Name, BicepNode Node, IReadOnlyList<string> Decorators)
{
    /// <summary>Whether it says what holds when nobody does, or what it is.</summary>
    public bool HasValue => Node.Part("=") is not null;

    public BicepNode Value => Node.Parts[^1];

    /// <summary>A resource's type and version, or a module's path.</summary>
    public string Target => Node.Part("string")!.StringValue!;

    public string ResourceType => Target.Split('@')[0];

    public bool IsExisting => Node.Part("existing") is not null;

    /// <summary>What is deployed: the object within the conditions and loops.</summary>
    public BicepNode Body => Value.Type == "object" ? Value : Value.Descendants().First(node => node.Type == "object" && node.Property("name") is not null);

    /// <summary>A module's parameters.</summary>
    public IEnumerable<BicepNode> Arguments => Body.Property("params")?.Properties ?? [];
}
