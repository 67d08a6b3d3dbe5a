using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CloudPipe.Documentation;

/// <summary>
/// The code's own documentation, from the XML files that lie beside the assemblies; without such a file every text is empty.
/// </summary>
public sealed partial class XmlDocumentation
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _members = [];

    /// <summary>What a property means: its summary and the values it takes. A positional record's is the parameter's.</summary>
    /// <param name="property">The property.</param>
    /// <returns>Plain text on one line; empty where nothing is documented.</returns>
    public string MeaningOf(PropertyInfo property)
    {
        Type type = property.DeclaringType!;
        XElement? member = Find(type.Assembly, $"P:{NameOf(type)}.{property.Name}");
        string meaning = string.Join(' ', new[] { Text(member?.Element("summary")), Text(member?.Element("value")) }.Where(text => text.Length > 0));
        return meaning.Length > 0 ? meaning : Parameter(Find(type.Assembly, $"T:{NameOf(type)}"), property.Name);
    }

    /// <summary>A type's summary.</summary>
    /// <param name="type">The type.</param>
    /// <returns>Plain text on one line.</returns>
    public string SummaryOf(Type type) => Text(Find(type.Assembly, $"T:{NameOf(type)}")?.Element("summary"));

    /// <summary>A method's summary.</summary>
    /// <param name="method">The method.</param>
    /// <returns>Plain text on one line.</returns>
    public string SummaryOf(MethodInfo method) => Text(Find(method)?.Element("summary"));

    /// <summary>A method's remarks.</summary>
    /// <param name="method">The method.</param>
    /// <returns>Plain text on one line.</returns>
    public string RemarksOf(MethodInfo method) => Text(Find(method)?.Element("remarks"));

    /// <summary>What a method's parameter means.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <returns>Plain text on one line.</returns>
    public string ParameterOf(MethodInfo method, string parameter) => Parameter(Find(method), parameter);

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string Parameter(XElement? member, string name) =>
        Text(member?.Elements("param").FirstOrDefault(element => element.Attribute("name")?.Value == name));

    private static string Text(XElement? element)
    {
        if (element is null)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (XNode node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement reference => reference.Attribute("cref")?.Value.Split('.')[^1] ?? reference.Attribute("langword")?.Value ?? reference.Value,
                _ => "",
            });
        }

        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    // Among overloads the first: the functions have none.
    private XElement? Find(MethodInfo method)
    {
        string name = $"M:{NameOf(method.DeclaringType!)}.{method.Name}";
        return MembersOf(method.DeclaringType!.Assembly).FirstOrDefault(member => member.Key == name || member.Key.StartsWith(name + "(", StringComparison.Ordinal)).Value;
    }

    private XElement? Find(Assembly assembly, string name) => MembersOf(assembly).GetValueOrDefault(name);

    private Dictionary<string, XElement> MembersOf(Assembly assembly)
    {
        if (!_members.TryGetValue(assembly, out Dictionary<string, XElement>? members))
        {
            string file = Path.ChangeExtension(assembly.Location, ".xml");
            members = File.Exists(file)
                ? XDocument.Load(file).Descendants("member").ToDictionary(element => element.Attribute("name")!.Value, StringComparer.Ordinal)
                : [];
            _members[assembly] = members;
        }

        return members;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
