using CloudPipe.Deployment.Tests.Support;

namespace CloudPipe.Deployment.Tests.Bicep;

/// <summary>What the compiler would say of names: there is none for these tests.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Templates => [.. BicepFiles.Templates.Select(file => file.Path)];

    public static TheoryData<string> ParameterFiles => [.. BicepFiles.All.Where(file => file.IsParameters).Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_name_that_is_used_is_declared(string path)
    {
        BicepFile file = BicepFiles.At(path);
        string[] declared = [.. file.Declarations.Select(declaration => declaration.Name), .. file.Imports.Select(import => import.Name), .. Locals(file)];

        Assert.Empty(Uses(file).Where(use => !declared.Contains(use.Text)).Select(use => $"{path}:{use.Line}: '{use.Text}' is not declared"));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_parameter_variable_and_import_is_used(string path)
    {
        BicepFile file = BicepFiles.At(path);
        HashSet<string> used = [.. Uses(file).Select(use => use.Text!)];

        IEnumerable<string> expected = [
            .. file.Parameters.Concat(file.Variables).Where(declaration => !file.Exports.Contains(declaration.Name)).Select(declaration => declaration.Name),
            .. file.Imports.Select(import => import.Name)];
        Assert.Empty(expected.Where(name => !used.Contains(name)).Select(name => $"{path}: '{name}' is never used"));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_name_that_is_taken_from_a_list_is_in_it(string path)
    {
        BicepFile file = BicepFiles.At(path);
        foreach ((string list, string from) in file.Imports.Where(import => BicepFiles.At(import.From).Named(import.Name) is { Kind: "variable_declaration", Value.Type: "object" }))
        {
            IReadOnlyDictionary<string, string> names = BicepFiles.At(from).Names(list);
            IEnumerable<BicepNode> accesses = file.Root.DescendantsOf("member_expression").Where(access => access.Source.StartsWith($"{list}.", StringComparison.Ordinal));
            Assert.All(accesses, access => Assert.True(names.ContainsKey(access.Source.Split('.')[1]), $"{path}:{access.Line}: there is no {access.Source}"));
        }
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_import_is_exported_and_every_module_is_a_file(string path)
    {
        BicepFile file = BicepFiles.At(path);

        Assert.All(file.Imports, import => Assert.Contains(import.Name, BicepFiles.At(import.From).Exports));
        Assert.All(file.Modules, module => BicepFiles.At(file.Resolve(module.Target)));
    }

    [Fact]
    public void Every_module_is_deployed_by_something()
    {
        HashSet<string> deployed = [.. BicepFiles.Templates.SelectMany(file => file.Modules.Select(module => file.Resolve(module.Target)))];

        Assert.All(BicepFiles.Templates.Select(file => file.Path).Where(path => path.StartsWith("bicep/modules/", StringComparison.Ordinal)), path => Assert.Contains(path, deployed));
    }

    [Fact]
    public void A_module_gets_every_parameter_that_it_needs_and_no_other()
    {
        var faults = new List<string>();
        foreach (BicepFile file in BicepFiles.Templates)
        {
            foreach (BicepDeclaration module in file.Modules)
            {
                BicepFile target = BicepFiles.At(file.Resolve(module.Target));
                string[] given = [.. module.Arguments.Select(argument => argument.PropertyName)];
                faults.AddRange(given.Except(target.Parameters.Select(parameter => parameter.Name)).Select(name => $"{file.Path}: {target.Path} has no parameter '{name}'"));
                faults.AddRange(target.Parameters.Where(parameter => !parameter.HasValue).Select(parameter => parameter.Name).Except(given)
                    .Select(name => $"{file.Path}: the module '{module.Name}' does not get '{name}'"));
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void A_module_has_every_output_that_is_asked_for_and_no_other()
    {
        var faults = new List<string>();
        var asked = new HashSet<(string Path, string Output)>();
        foreach (BicepFile file in BicepFiles.Templates)
        {
            Dictionary<string, BicepFile> modules = file.Modules.ToDictionary(module => module.Name, module => BicepFiles.At(file.Resolve(module.Target)));
            foreach (BicepNode access in file.Root.DescendantsOf("member_expression"))
            {
                // MODULE.outputs.NAME, or MODULE!.outputs.NAME of one that is deployed on a condition.
                string[] path = access.Source.Replace("!", "", StringComparison.Ordinal).Split('.');
                if (path is [string module, "outputs", string output])
                {
                    if (!modules.TryGetValue(module, out BicepFile? target) || target.Outputs.All(declared => declared.Name != output))
                        faults.Add($"{file.Path}:{access.Line}: there is no {access.Source}");
                    else
                        asked.Add((target.Path, output));
                }
            }
        }

        Assert.Empty(faults);
        Assert.NotEmpty(asked);
        Assert.All(
            BicepFiles.Templates.Where(file => file.Path.StartsWith("bicep/modules/", StringComparison.Ordinal))
                .SelectMany(file => file.Outputs.Select(output => (file.Path, output.Name))).Where(output => output.Name is not ("id" or "name")),
            output => Assert.Contains(output, asked));
    }

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public void A_parameters_file_sets_what_its_template_needs_and_nothing_else(string path)
    {
        BicepFile file = BicepFiles.At(path);
        BicepFile target = BicepFiles.At(file.Using!);
        string[] given = [.. file.Variables.Select(parameter => parameter.Name)];

        Assert.Empty(given.Except(target.Parameters.Select(parameter => parameter.Name)));
        Assert.Empty(target.Parameters.Where(parameter => !parameter.HasValue).Select(parameter => parameter.Name).Except(given));
    }

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public void A_parameters_file_gives_values_of_the_declared_types_and_choices(string path)
    {
        BicepFile file = BicepFiles.At(path);
        BicepFile target = BicepFiles.At(file.Using!);

        foreach (BicepDeclaration given in file.Variables.Where(parameter => parameter.Value.Type is "string" or "number" or "boolean"))
        {
            BicepDeclaration parameter = target.Named(given.Name);
            string type = parameter.Node.Part("type")!.Source;
            Assert.True(
                given.Value.Type == type switch { "string" => "string", "int" => "number", "bool" => "boolean", _ => type },
                $"{path}: '{given.Name}' is declared as {type}, and {given.Value.Source} is none");
            string[] allowed = Allowed(target, parameter);
            Assert.True(allowed.Length == 0 || allowed.Contains(given.Value.StringValue), $"{path}: '{given.Name}' takes {string.Join(", ", allowed)}");
        }
    }

    private static string[] Allowed(BicepFile file, BicepDeclaration parameter)
    {
        int index = file.Root.Parts.TakeWhile(part => part != parameter.Node).Count();
        return index > 0 && file.Root.Parts[index - 1] is { Type: "decorators" } decorators
            ? [.. decorators.DescendantsOf("call_expression").Where(call => call.Parts[0].Source == "allowed").SelectMany(call => call.DescendantsOf("string")).Select(text => text.StringValue!)]
            : [];
    }

    /// <summary>The names that loops and lambdas bring.</summary>
    private static IEnumerable<string> Locals(BicepFile file) => file.Root.Descendants().SelectMany(node => node.Type switch
    {
        "for_statement" => node.Parts.Where(part => part.Field == "initializer").Select(part => part.Text!),
        "loop_variable" or "loop_enumerator" => [node.Text!],
        "lambda_expression" => node.Parts.TakeWhile(part => part.Type != "=>").SelectMany(part => part.Descendants().Append(part))
            .Where(part => part.Type == "identifier").Select(part => part.Text!),
        _ => [],
    });

    /// <summary>Every identifier that stands for something, and not for a property, a function or itself.</summary>
    private static IEnumerable<BicepNode> Uses(BicepFile file) => Uses(file.Root);

    private static IEnumerable<BicepNode> Uses(BicepNode node)
    {
        // Of A::B, B is declared within A.
        if (node.Type == "resource_expression")
        {
            BicepNode first = node.Parts[0];
            foreach (BicepNode use in first.Type == "identifier" ? [first] : Uses(first))
                yield return use;
            yield break;
        }

        bool isDeclaration = node.Type.EndsWith("_declaration", StringComparison.Ordinal) || node.Type is "object_property" or "import_functionality";
        bool nameSeen = false;
        foreach (BicepNode part in node.Parts)
        {
            if (isDeclaration && !nameSeen && part.Type == "identifier")
            {
                // An object's key, or what is being declared: the first identifier.
                nameSeen = node.Type != "import_functionality";
            }
            else if (part.Type == "identifier" && part.Field is not ("function" or "initializer"))
            {
                yield return part;
            }
            else
            {
                nameSeen |= isDeclaration && part.Type is ":" or "string";
                foreach (BicepNode use in Uses(part))
                    yield return use;
            }
        }
    }
}
