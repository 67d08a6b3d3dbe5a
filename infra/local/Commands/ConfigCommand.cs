using System.CommandLine;
using CloudPipe.Configuration;
using CloudPipe.Local.Configuration;
using CloudPipe.Local.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe config</c>: every configuration key with its default and meaning.</summary>
internal static class ConfigCommand
{
    public static Command Create(CommandOutput output)
    {
        var markdown = new Option<bool>("--markdown") { Description = "Writes the table of README.md.", Hidden = true };
        var command = new Command("config", "Lists every configuration key with its default and meaning.") { markdown };
        command.SetAction(parsed =>
        {
            using IHost host = LocalServices.Build(CommandSettings.From(parsed));
            IReadOnlyList<ConfigurationRow> rows = ConfigurationTable.Create(host.Services.GetServices<OptionsSection>());
            if (parsed.GetValue(markdown))
            {
                output.Out.Write(ConfigurationTable.ToMarkdown(rows));
            }
            else
            {
                output.WriteTable(["key", "default", "meaning"], [.. rows.Select(row => (IReadOnlyList<string>)[row.Key, row.Default, row.Meaning])]);
            }

            return ExitCode.Success;
        });
        return command;
    }
}
