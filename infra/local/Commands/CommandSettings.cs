using System.CommandLine;
using CloudPipe.Configuration;

namespace CloudPipe.Local.Commands;

/// <summary>The options that every command takes.</summary>
/// <param name="Bucket">The bucket's folder; <see langword="null"/> leaves it to the configuration.</param>
/// <param name="Overrides">Configuration keys and values from <c>--set</c>, in order.</param>
/// <param name="Verbose">Whether debug messages are logged.</param>
/// <param name="JsonLogs">Whether each log line is a JSON object.</param>
public sealed record CommandSettings(string? Bucket = null, IReadOnlyList<KeyValuePair<string, string?>>? Overrides = null, bool Verbose = false, bool JsonLogs = false)
{
    /// <summary>The bucket's folder.</summary>
    internal static Option<string?> BucketOption { get; } = new("--bucket", "-b")
    {
        Description = "The bucket's folder (default: 'bucket' in the working directory, or CloudPipe:Storage:Folder).",
        HelpName = "PATH",
        Recursive = true,
    };

    /// <summary>Configuration overrides.</summary>
    internal static Option<string[]> SetOption { get; } = new("--set")
    {
        Description = "Overrides a configuration key, for example --set Queue:MaxDeliveryCount=3; may be repeated.",
        HelpName = "KEY=VALUE",
        Recursive = true,
    };

    /// <summary>Debug logging.</summary>
    internal static Option<bool> VerboseOption { get; } = new("--verbose", "-v") { Description = "Logs debug messages too.", Recursive = true };

    /// <summary>JSON logging.</summary>
    internal static Option<bool> JsonLogsOption { get; } = new("--json-logs") { Description = "Writes each log line as a JSON object.", Recursive = true };

    /// <summary>Reads the options of a command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="CommandFailedException">A <c>--set</c> has no key.</exception>
    public static CommandSettings From(ParseResult parsed) => new(
        parsed.GetValue(BucketOption),
        [.. (parsed.GetValue(SetOption) ?? []).Select(ParseOverride)],
        parsed.GetValue(VerboseOption),
        parsed.GetValue(JsonLogsOption));

    private static KeyValuePair<string, string?> ParseOverride(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new CommandFailedException(Commands.ExitCode.Usage, $"'--set {text}' has no '='; write --set KEY=VALUE.");
        }

        string key = text[..equals];
        const string root = OptionsSection.Root + ":";
        bool isWhole = key.StartsWith(root, StringComparison.OrdinalIgnoreCase) || key.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase);
        return new(isWhole ? key : root + key, text[(equals + 1)..]);
    }
}
