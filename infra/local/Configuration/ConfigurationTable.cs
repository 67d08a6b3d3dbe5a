using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudPipe.Configuration;
using CloudPipe.Documentation;

namespace CloudPipe.Local.Configuration;

/// <summary>The table of configuration keys, made from the options classes and their own documentation.</summary>
public static class ConfigurationTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="sections">Every section that something reads.</param>
    /// <returns>One row a key, in order of the keys.</returns>
    public static IReadOnlyList<ConfigurationRow> Create(IEnumerable<OptionsSection> sections)
    {
        var documentation = new XmlDocumentation();
        return [.. ConfigurationKey.Of(sections).Select(key => new ConfigurationRow(
            key.Path[(OptionsSection.Root.Length + 1)..], Format(key), documentation.MeaningOf(key.Property)))];
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
}
