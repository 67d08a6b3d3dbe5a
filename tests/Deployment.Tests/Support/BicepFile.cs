namespace CloudPipe.Deployment.Tests.Support;

/// <summary>One bicep file and what it declares.</summary>
internal sealed class BicepFile
{
    private const string Export = "export";

    public BicepFile(string path, BicepNode root)
    {
        Path = path;
        Root = root;
        string[] decorators = [];
        var declarations = new List<BicepDeclaration>();
        foreach (BicepNode node in root.Parts)
        {
            if (node.Type == "decorators")
            {
                decorators = [.. node.DescendantsOf("call_expression").Select(call => call.Parts[0].Source)];
            }
            else if (node.Type.EndsWith("_declaration", StringComparison.Ordinal))
            {
                declarations.Add(new BicepDeclaration(node.Type, node.Part("identifier")!.Text!, node, decorators));
                decorators = [];
            }
        }

        declarations.AddRange(root.Parts.SelectMany(part => part.DescendantsOf("resource_declaration"))
            .Select(node => new BicepDeclaration(node.Type, node.Part("identifier")!.Text!, node, [])));
        Declarations = declarations;
    }

    /// <summary>The path below the repository.</summary>
    public string Path { get; }

    public BicepNode Root { get; }

    /// <summary>Everything that has a name, nested resources too.</summary>
    public IReadOnlyList<BicepDeclaration> Declarations { get; }

    public bool IsParameters => Path.EndsWith(".bicepparam", StringComparison.Ordinal);

    public IEnumerable<BicepDeclaration> Parameters => Of("parameter_declaration");

    public IEnumerable<BicepDeclaration> Variables => Of("variable_declaration");

    public IEnumerable<BicepDeclaration> Outputs => Of("output_declaration");

    public IEnumerable<BicepDeclaration> Resources => Of("resource_declaration");

    public IEnumerable<BicepDeclaration> Modules => Of("module_declaration");

    public IEnumerable<string> Exports => Declarations.Where(declaration => declaration.Decorators.Contains(Export)).Select(declaration => declaration.Name);

    /// <summary>The names that the file takes from others, and their paths below the repository.</summary>
    public IEnumerable<(string Name, string From)> Imports => Root.Parts.Where(part => part.Type == "import_functionality")
        .SelectMany(import => import.Parts.Where(part => part.Type == "identifier").Select(name => (name.Text!, Resolve(import.Part("string")!.StringValue!))));

    /// <summary>The module that a parameters file is for.</summary>
    public string? Using => Root.Part("using_statement")?.Part("string") is { } path ? Resolve(path.StringValue!) : null;

    /// <summary>The resources of a type.</summary>
    public IEnumerable<BicepDeclaration> ResourcesOf(string type) => Resources.Where(resource => resource.ResourceType == type && !resource.IsExisting);

    public BicepDeclaration Named(string name) => Declarations.Single(declaration => declaration.Name == name);

    /// <summary>An exported object of names, for example <c>queues</c>, as key and value.</summary>
    public IReadOnlyDictionary<string, string> Names(string variable) =>
        Named(variable).Value.Properties.ToDictionary(property => property.PropertyName, property => property.PropertyValue.StringValue!);

    /// <summary>A path in this file as a path below the repository.</summary>
    public string Resolve(string relative) =>
        System.IO.Path.GetRelativePath("/", System.IO.Path.GetFullPath(relative, System.IO.Path.Combine("/", System.IO.Path.GetDirectoryName(Path)!)));

    private IEnumerable<BicepDeclaration> Of(string kind) => Declarations.Where(declaration => declaration.Kind == kind);
}
