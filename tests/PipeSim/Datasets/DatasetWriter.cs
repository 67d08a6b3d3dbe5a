using System.Text.Json;

namespace CloudPipe.PipeSim;

/// <summary>
/// Writes a folder of videos with labels.json (QV-Pipe's format: video name to class indices), events.json and
/// dataset.json. A run that was interrupted goes on where it stopped; files appear whole or not at all.
/// </summary>
public static class DatasetWriter
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>The number of videos that this run has rendered.</returns>
    public static async Task<int> WriteAsync(
        DatasetRequest request, string folder, int parallel, IProgress<int>? finishedVideos = null, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(folder);
        await ClaimAsync(request, Path.Combine(folder, "dataset.json"), cancellationToken);
        var labels = new SortedDictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        var events = new SortedDictionary<string, VideoEvents>(StringComparer.Ordinal);
        int finished = 0, rendered = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, request.Videos),
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                var name = DatasetRequest.FileName(index);
                var video = request.Video(index);
                var path = Path.Combine(folder, name);
                if (!File.Exists(path))
                {
                    await VideoWriter.WriteAsync(video, path, cancellationToken: token);
                    Interlocked.Increment(ref rendered);
                }

                lock (labels)
                {
                    labels.Add(name, video.Labels);
                    events.Add(name, VideoEvents.Of(video));
                }

                finishedVideos?.Report(Interlocked.Increment(ref finished));
            });

        // The labels come last: where they are, the dataset is complete.
        await ReplaceAsync(Path.Combine(folder, "events.json"), JsonSerializer.Serialize(events, Json), cancellationToken);
        await ReplaceAsync(Path.Combine(folder, "labels.json"), LabelsJson(labels), cancellationToken);
        return rendered;
    }

    private static async Task ClaimAsync(DatasetRequest request, string path, CancellationToken cancellationToken)
    {
        var wanted = JsonSerializer.Serialize(request, Json);
        if (!File.Exists(path))
        {
            await ReplaceAsync(path, wanted, cancellationToken);
        }
        else if (await File.ReadAllTextAsync(path, cancellationToken) != wanted)
        {
            throw new InvalidOperationException($"{path} describes another dataset; give another --out folder, or the same options as before.");
        }
    }

    private static string LabelsJson(SortedDictionary<string, IReadOnlyList<int>> labels) =>
        "{\n" + string.Join(",\n", labels.Select(video => $"  {JsonSerializer.Serialize(video.Key)}: [{string.Join(", ", video.Value)}]")) + "\n}\n";

    private static async Task ReplaceAsync(string path, string text, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(path + ".part", text, cancellationToken);
        File.Move(path + ".part", path, overwrite: true);
    }
}
