using CloudPipe.Labels;

namespace CloudPipe.Datasets;

/// <summary>
/// Reads Sewer-ML's tables, <c>Filename,WaterLevel,VA,RB,OB,…,Defect</c>: an image a row, 0 or 1 for each class. Columns that
/// are no class of the taxonomy (the water level, ND, Defect) are left aside.
/// </summary>
public static class SewerMlLabels
{
    private const string FileColumn = "Filename";

    /// <summary>Reads a table.</summary>
    /// <param name="csv">The file's bytes, UTF-8.</param>
    /// <param name="taxonomy">The classes; each code must be a column.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <returns>The images in ordinal order of their names.</returns>
    /// <exception cref="InvalidDataException">It is no such table; the message lists what is wrong.</exception>
    public static IReadOnlyList<DatasetSample> Read(ReadOnlyMemory<byte> csv, Taxonomy taxonomy, string file = "The label file")
    {
        var faults = new LabelFaults(file);
        var table = CsvTable.Read(csv, faults);
        string[] missing = [.. taxonomy.Classes.Select(entry => entry.Code).Prepend(FileColumn).Where(column => table.IndexOf(column) < 0)];
        if (missing.Length > 0)
        {
            throw faults.Fatal($"it lacks the column{(missing.Length > 1 ? "s" : string.Empty)} {string.Join(", ", missing)}. SewerML_Train.csv and SewerML_Val.csv have them; the test table has no labels.");
        }

        IReadOnlyList<DatasetSample> samples = TableLabels.ReadClassColumns(
            table,
            table.IndexOf(FileColumn),
            [.. taxonomy.Classes.Select((entry, index) => (Column: table.IndexOf(entry.Code), Label: index))],
            taxonomy,
            faults);
        faults.ThrowIfAny();
        return samples;
    }
}
