using System.Text;

namespace CloudPipe.Datasets;

/// <summary>A table with a heading, as RFC 4180 writes it: fields between commas, quoted where they hold commas, quotes or line ends.</summary>
/// <param name="Columns">The heading.</param>
/// <param name="Rows">Each row's fields, as many as columns, and the line it begins on, from 1.</param>
internal sealed record CsvTable(IReadOnlyList<string> Columns, IReadOnlyList<(int Line, IReadOnlyList<string> Fields)> Rows)
{
    /// <summary>Reads a table; rows of another length than the heading are noted and left out.</summary>
    /// <exception cref="InvalidDataException">It is no table.</exception>
    public static CsvTable Read(ReadOnlyMemory<byte> bytes, LabelFaults faults)
    {
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes.Span).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw faults.Fatal("it is no UTF-8 text. Save the table as CSV in UTF-8.", exception);
        }

        List<(int Line, IReadOnlyList<string> Fields)> rows = Split(text, faults);
        if (rows.Count == 0)
        {
            throw faults.Fatal("it is empty; its first line names the columns.");
        }

        string[] columns = [.. rows[0].Fields.Select(field => field.Trim())];
        foreach ((int line, IReadOnlyList<string> fields) in rows.Skip(1).Where(row => row.Fields.Count != columns.Length))
        {
            faults.Add($"Line {line} has {fields.Count} fields; the heading has {columns.Length}.");
        }

        foreach (string column in columns.GroupBy(column => column, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            faults.Add($"The heading names the column '{column}' twice.");
        }

        return new CsvTable(columns, [.. rows.Skip(1).Where(row => row.Fields.Count == columns.Length)]);
    }

    /// <summary>A column's place, by its name whatever its case; -1 when there is none.</summary>
    public int IndexOf(string column)
    {
        for (int index = 0; index < Columns.Count; index++)
        {
            if (string.Equals(Columns[index], column, StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        return -1;
    }

    private static List<(int Line, IReadOnlyList<string> Fields)> Split(string text, LabelFaults faults)
    {
        var rows = new List<(int Line, IReadOnlyList<string> Fields)>();
        var fields = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        int line = 1, rowLine = 1;
        for (int at = 0; at < text.Length; at++)
        {
            char character = text[at];
            line += character == '\n' ? 1 : 0;
            if (quoted)
            {
                if (character != '"')
                {
                    field.Append(character);
                }
                else if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    field.Append('"');
                    at++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (character == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (character == ',')
            {
                EndField();
            }
            else if (character == '\n')
            {
                EndRow();
                rowLine = line;
            }
            else
            {
                field.Append(character);
            }
        }

        if (quoted)
        {
            throw faults.Fatal($"the quote that line {rowLine} opens is never closed.");
        }

        EndRow();
        return rows;

        void EndField()
        {
            fields.Add(field.ToString().TrimEnd('\r'));
            field.Clear();
        }

        void EndRow()
        {
            EndField();
            if (fields.Count > 1 || fields[0].Length > 0)
            {
                rows.Add((rowLine, fields.ToArray()));
            }

            fields.Clear();
        }
    }
}
