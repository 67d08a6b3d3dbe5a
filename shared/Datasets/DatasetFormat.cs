namespace CloudPipe.Datasets;

/// <summary>How a data set's labels are written down.</summary>
public enum DatasetFormat
{
    /// <summary>QV-Pipe's JSON, <c>{"clip.mp4": [1, 14]}</c>; see <see cref="Labels.QvPipeLabels"/>.</summary>
    QvPipe,

    /// <summary>CCTV-Pipe's JSON of moments, in ActivityNet's form; see <see cref="CctvPipeLabels"/>.</summary>
    CctvPipe,

    /// <summary>Sewer-ML's table of images; see <see cref="SewerMlLabels"/>.</summary>
    SewerMl,

    /// <summary>A table of files and their classes; see <see cref="TableLabels"/>.</summary>
    Csv,
}
