using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CloudPipe.Configuration;

namespace CloudPipe.Local.Configuration;

/// <summary>The table of configuration keys, made from the options classes and their own documentation.</summary>
public static partial class ConfigurationTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="sections">Every section that something reads.</param>
    /// <returns>One row a key, in order of the keys.</returns>
    public static IReadOnlyList<ConfigurationRow> Create(IEnumerable<OptionsSection> sections)
    {
        var documents = new Dictionary<Assembly, XDocument?>();
        return [.. ConfigurationKey.Of(sections).Select(key => new ConfigurationRow(
            key.Path[(OptionsSection.Root.Length + 1)..], Format(key), Meaning(key.Property, documents)))];
    }

    /// <summary>Writes the table in Markdown.</summary>
    /// <param name="rows">Its rows.</param>
    /// <returns>The table, with a line break at its end.</returns>
    public static string ToMarkdown(IEnumerable<ConfigurationRow> rows)
    {
        var text = new StringBuilder("| key | default | meaning |\n| --- | --- | --- |\n");
        foreach (ConfigurationRow row in rows)
        {
            string value = row.Default.Length == 0 ? "" : $"`{row.Default}`";
            text.Append(CultureInfo.InvariantCulture, $"| `{row.Key}` | {value} | {row.Meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return text.ToString();
    }

    private static string Format(ConfigurationKey key) => key.Default switch
    {
        null => "",
        bool value => value ? "true" : "false",
        Enum value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()),
        string value => value,
        System.Collections.IEnumerable => "",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        object value => value.ToString() ?? "",
    };

    private static string Meaning(PropertyInfo property, Dictionary<Assembly, XDocument?> documents)
    {
        Assembly assembly = property.DeclaringType!.Assembly;
        if (!documents.TryGetValue(assembly, out XDocument? document))
        {
            string file = Path.ChangeExtension(assembly.Location, ".xml");
            document = File.Exists(file) ? XDocument.Load(file) : null;
            documents[assembly] = document;
        }

        string name = $"P:{property.DeclaringType.FullName}.{property.Name}";
        XElement? member = document?.Descendants("member").FirstOrDefault(element => element.Attribute("name")?.Value == name);
        return string.Join(' ', new[] { Text(member?.Element("summary")), Text(member?.Element("value")) }.Where(text => text.Length > 0));
    }

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

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
