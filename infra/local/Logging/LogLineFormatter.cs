using System.Globalization;
using CloudPipe.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CloudPipe.Local.Logging;

/// <summary>One line a log entry: time, level, category, the scopes (the inspection's id among them), the message.</summary>
/// <param name="timeProvider">Tells the time.</param>
public sealed class LogLineFormatter(TimeProvider timeProvider) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name by which the console logger finds this formatter.</summary>
    public const string FormatterName = "cloudpipe-line";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(timeProvider.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        textWriter.Write($" {Abbreviate(logEntry.LogLevel)} {logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..]}");
        scopeProvider?.ForEachScope(WriteScope, textWriter);
        textWriter.Write(": ");
        textWriter.Write(OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is not null)
        {
            textWriter.Write(" | ");
            textWriter.Write(OneLine(logEntry.Exception.ToString()));
        }

        textWriter.WriteLine();
    }

    private static void WriteScope(object? scope, TextWriter writer)
    {
        if (scope is IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            foreach (KeyValuePair<string, object?> pair in pairs.Where(pair => pair.Key is LogScopes.Inspection or LogScopes.Run))
            {
                writer.Write($" [{pair.Value}]");
            }
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Abbreviate(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => "none",
    };
}
