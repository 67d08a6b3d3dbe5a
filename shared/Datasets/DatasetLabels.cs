using CloudPipe.Labels;

namespace CloudPipe.Datasets;

/// <summary>Reads a label file of any format.</summary>
public static class DatasetLabels
{
    /// <summary>The classes of a format unless others are named.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Sewer-ML's own, else QV-Pipe's.</returns>
    public static Taxonomy TaxonomyOf(DatasetFormat format) => format == DatasetFormat.SewerMl ? SewerMlTaxonomy.Taxonomy : QvPipeTaxonomy.Taxonomy;

    /// <summary>Reads a label file.</summary>
    /// <param name="format">How it is written.</param>
    /// <param name="path">The file.</param>
    /// <param name="taxonomy">The classes.</param>
    /// <param name="momentSeconds">The length of the span around one of CCTV-Pipe's moments, in seconds.</param>
    /// <returns>The samples, in an order that the file's own order does not decide.</returns>
    /// <exception cref="InvalidDataException">It cannot be read, or is faulty; the message names it and lists what is wrong.</exception>
    public static IReadOnlyList<DatasetSample> Read(DatasetFormat format, string path, Taxonomy taxonomy, double momentSeconds = CctvPipeLabels.DefaultMomentSeconds)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The labels '{path}' cannot be read: {exception.Message}", exception);
        }

        return format switch
        {
            DatasetFormat.QvPipe => [.. QvPipeLabels.Read(bytes, taxonomy, path).Select(video => new DatasetSample(video.Name, video.Name, video.Labels))],
            DatasetFormat.CctvPipe => CctvPipeLabels.Read(bytes, taxonomy, momentSeconds, path),
            DatasetFormat.SewerMl => SewerMlLabels.Read(bytes, taxonomy, path),
            DatasetFormat.Csv => TableLabels.Read(bytes, taxonomy, path),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
        };
    }
}
