namespace CloudPipe.Deployment.Tests.Support;

/// <summary>One node of a bicep file's syntax tree, as infra/bicep-parser prints it.</summary>
/// <param name="Type">What the grammar calls it.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Field">What its parent calls it.</param>
/// <param name="Error">Whether the parser could not read it.</param>
/// <param name="Text">The text of a leaf.</param>
/// <param name="Children">Its parts, punctuation included.</param>
internal sealed record BicepNode(string Type, int Line, string? Field, bool Error, string? Text, IReadOnlyList<BicepNode>? Children)
{
    private static readonly string[] _punctuation = ["{", "}", "[", "]", "(", ")", ",", ":", "=", "."];

    public IReadOnlyList<BicepNode> Parts => Children ?? [];

    /// <summary>The node's text without what lies between its parts.</summary>
    public string Source => Text ?? string.Concat(Parts.Select(part => part.Source));

    public IEnumerable<BicepNode> Descendants() => Parts.SelectMany(part => part.Descendants().Prepend(part));

    public IEnumerable<BicepNode> DescendantsOf(string type) => Descendants().Where(node => node.Type == type);

    public BicepNode? Part(string type) => Parts.FirstOrDefault(part => part.Type == type);

    /// <summary>A string's text, with <c>*</c> for what is put in; <see langword="null"/> for anything but a string.</summary>
    public string? StringValue => Type == "string"
        ? string.Concat(Parts.Select(part => part.Type switch { "string_content" or "escape_sequence" => part.Text, "interpolation" => "*", _ => "" }))
        : null;

    /// <summary>An array's elements, or a call's arguments.</summary>
    public IEnumerable<BicepNode> Elements => Parts.Where(part => !_punctuation.Contains(part.Type) && part.Type != "comment");

    /// <summary>An object's properties.</summary>
    public IEnumerable<BicepNode> Properties => Parts.Where(part => part.Type == "object_property" && part.Part("resource_declaration") is null);

    /// <summary>A property's name.</summary>
    public string PropertyName => Parts[0].Text ?? Parts[0].StringValue ?? Parts[0].Source;

    /// <summary>A property's value.</summary>
    public BicepNode PropertyValue => Parts[^1];

    /// <summary>Looks a property of an object up.</summary>
    /// <returns>Its value, or <see langword="null"/>.</returns>
    public BicepNode? Property(string name) => Properties.FirstOrDefault(property => property.PropertyName == name)?.PropertyValue;

    /// <summary>Looks a property of a property up.</summary>
    public BicepNode? At(params string[] path) => path.Aggregate((BicepNode?)this, (node, name) => node?.Property(name));
}
