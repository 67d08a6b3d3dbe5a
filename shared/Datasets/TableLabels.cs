using CloudPipe.Labels;

namespace CloudPipe.Datasets;

/// <summary>
/// Reads a plain table of files and their classes: either <c>file,labels</c>, the labels by index, code or name with ';' or
/// spaces between them, or a column <c>file</c> and one of 0 and 1 for each class, by index, code or name.
/// </summary>
public static class TableLabels
{
    private const string FileColumn = "file", LabelsColumn = "labels";

    /// <summary>Reads a table.</summary>
    /// <param name="csv">The file's bytes, UTF-8.</param>
    /// <param name="taxonomy">The classes.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <returns>The samples in ordinal order of their names.</returns>
    /// <exception cref="InvalidDataException">It is no such table; the message lists what is wrong.</exception>
    public static IReadOnlyList<DatasetSample> Read(ReadOnlyMemory<byte> csv, Taxonomy taxonomy, string file = "The label file")
    {
        var faults = new LabelFaults(file);
        var table = CsvTable.Read(csv, faults);
        int fileColumn = table.IndexOf(FileColumn);
        if (fileColumn < 0)
        {
            throw faults.Fatal($"it lacks the column '{FileColumn}'; its heading is '{string.Join(',', table.Columns)}'.");
        }

        int labelsColumn = table.IndexOf(LabelsColumn);
        IReadOnlyList<DatasetSample> samples = labelsColumn >= 0
            ? ReadSamples(table, fileColumn, (fields, where) => SplitLabels(fields[labelsColumn], taxonomy, where, faults), taxonomy, faults)
            : ReadClassColumns(table, fileColumn, ClassColumns(table, fileColumn, taxonomy, faults), taxonomy, faults);
        faults.ThrowIfAny();
        return samples;
    }

    /// <summary>Reads rows of a file's name and one field of 0 or 1 for each class.</summary>
    internal static IReadOnlyList<DatasetSample> ReadClassColumns(
        CsvTable table,
        int fileColumn,
        IReadOnlyList<(int Column, int Label)> classes,
        Taxonomy taxonomy,
        LabelFaults faults) => ReadSamples(
            table,
            fileColumn,
            (fields, where) =>
            {
                var labels = new SortedSet<int>();
                foreach ((int column, int label) in classes)
                {
                    // Tables that went through a spreadsheet or pandas have 1.0 for 1.
                    switch (fields[column].Trim())
                    {
                        case "1" or "1.0":
                            labels.Add(label);
                            break;
                        case "0" or "0.0":
                            break;
                        default:
                            faults.Add($"{where} has '{fields[column]}' in the column {table.Columns[column]}; 0 or 1 is expected.");
                            break;
                    }
                }

                return labels;
            },
            taxonomy,
            faults);

    private static List<DatasetSample> ReadSamples(
        CsvTable table,
        int fileColumn,
        Func<IReadOnlyList<string>, string, SortedSet<int>> readLabels,
        Taxonomy taxonomy,
        LabelFaults faults)
    {
        var samples = new SortedDictionary<string, DatasetSample>(StringComparer.Ordinal);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((int line, IReadOnlyList<string> fields) in table.Rows)
        {
            string where = $"Line {line}";
            string name = fields[fileColumn].Trim();
            SortedSet<int> labels = readLabels(fields, where);
            faults.CheckNormal(where, labels, taxonomy);
            if (!faults.CheckName(where, name))
            {
                continue;
            }

            if (lines.TryAdd(name, line))
            {
                samples.Add(name, new DatasetSample(name, name, [.. labels]));
            }
            else
            {
                faults.Add($"{where} names '{name}', which line {lines[name]} names too. Keep one of them.");
            }
        }

        if (table.Rows.Count == 0)
        {
            faults.Add("It has no rows below its heading.");
        }

        return [.. samples.Values];
    }

    private static List<(int Column, int Label)> ClassColumns(CsvTable table, int fileColumn, Taxonomy taxonomy, LabelFaults faults)
    {
        var columns = new List<(int Column, int Label)>();
        for (int column = 0; column < table.Columns.Count; column++)
        {
            if (column == fileColumn)
            {
                continue;
            }

            if (taxonomy.Find(table.Columns[column]) is int label)
            {
                columns.Add((column, label));
            }
            else
            {
                faults.Add($"The column '{table.Columns[column]}' is no class of the taxonomy '{taxonomy.Name}'. Name its columns by index, code or name, or write a column '{LabelsColumn}'.");
            }
        }

        foreach (int label in Enumerable.Range(0, taxonomy.Count).Where(label => columns.All(column => column.Label != label)))
        {
            faults.Add($"There is no column for the class {taxonomy.Classes[label].Code} {taxonomy.Classes[label].Name} ({label}).");
        }

        foreach (IGrouping<int, (int Column, int Label)> twice in columns.GroupBy(column => column.Label).Where(group => group.Count() > 1))
        {
            faults.Add($"The columns {string.Join(" and ", twice.Select(column => table.Columns[column.Column]))} are the same class.");
        }

        return columns;
    }

    private static SortedSet<int> SplitLabels(string text, Taxonomy taxonomy, string where, LabelFaults faults)
    {
        var labels = new SortedSet<int>();
        foreach (string part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // A name may have spaces of its own.
            string[] words = taxonomy.Find(part) is null ? part.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [part];
            foreach (string word in words)
            {
                if (taxonomy.Find(word) is int label)
                {
                    labels.Add(label);
                }
                else
                {
                    faults.Add($"{where} has the label '{word}', which is no class of the taxonomy '{taxonomy.Name}': write an index of 0 to {taxonomy.Count - 1}, a code or a name.");
                }
            }
        }

        return labels;
    }
}
