using System.Text.Json;
using CloudPipe.Messages;
using Spectre.Console;

namespace CloudPipe.Local.Commands;

/// <summary>Where a command writes: tables and live progress for a person, plain lines for a pipe.</summary>
/// <param name="standardOutput">Results.</param>
/// <param name="standardError">Errors.</param>
/// <param name="isInteractive">Whether a person watches standard output.</param>
public sealed class CommandOutput(TextWriter standardOutput, TextWriter standardError, bool isInteractive)
{
    /// <summary>Results.</summary>
    public TextWriter Out => standardOutput;

    /// <summary>Errors.</summary>
    public TextWriter Error => standardError;

    /// <summary>Whether a person watches standard output.</summary>
    public bool IsInteractive => isInteractive;

    /// <summary>Colour, tables and live displays; plain text when nobody watches.</summary>
    public IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(standardOutput),
        Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
        Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
    });

    /// <summary>Bars for a person who waits.</summary>
    /// <returns>A display that has not begun.</returns>
    public Spectre.Console.Progress CreateBars() => Console.Progress().Columns(
        new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());

    /// <summary>The process's own output.</summary>
    /// <returns>The output.</returns>
    public static CommandOutput OfProcess() => new(System.Console.Out, System.Console.Error, !System.Console.IsOutputRedirected);

    /// <summary>Writes a value as indented JSON.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    public void WriteJson<T>(T value) => Out.WriteLine(JsonSerializer.Serialize(value, CloudPipeJson.Indented));

    /// <summary>Writes rows under headings: framed for a person, aligned columns for a pipe.</summary>
    /// <param name="headings">The columns.</param>
    /// <param name="rows">As many cells a row as there are columns.</param>
    public void WriteTable(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (IsInteractive)
        {
            var table = new Table { Border = TableBorder.Rounded };
            table.AddColumns([.. headings.Select(heading => new TableColumn(Markup.Escape(heading)))]);
            foreach (IReadOnlyList<string> row in rows)
            {
                table.AddRow([.. row.Select(cell => new Text(cell))]);
            }

            Console.Write(table);
            return;
        }

        int[] widths = [.. headings.Select((heading, column) => Math.Max(heading.Length, rows.Select(row => row[column].Length).DefaultIfEmpty().Max()))];
        foreach (IReadOnlyList<string> row in rows.Prepend(headings))
        {
            Out.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
