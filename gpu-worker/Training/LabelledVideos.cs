using CloudPipe.Labels;
using CloudPipe.Runs;

namespace CloudPipe.GpuWorker.Training;

/// <summary>A folder of clips and their labels in QV-Pipe's format.</summary>
/// <param name="VideosFolder">The folder.</param>
/// <param name="LabelsFile">JSON, <c>{"video.mp4": [1, 2]}</c>: class indices of each clip.</param>
public sealed record LabelledVideos(string VideosFolder, string LabelsFile)
{
    /// <summary>Reads the labels.</summary>
    /// <param name="taxonomy">The classes.</param>
    /// <returns>The clips, by name.</returns>
    /// <exception cref="TrainingException">The folder or the file is missing, or the file is faulty.</exception>
    public IReadOnlyList<LabelledVideo> Read(Taxonomy taxonomy)
    {
        if (!Directory.Exists(VideosFolder))
            throw new TrainingException($"The videos' folder '{VideosFolder}' does not exist.");

        try
        {
            return QvPipeLabels.Read(File.ReadAllBytes(LabelsFile), taxonomy, LabelsFile);
        }
        catch (InvalidDataException exception)
        {
            throw new TrainingException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"The labels '{LabelsFile}' cannot be read: {exception.Message}", exception);
        }
    }
}
