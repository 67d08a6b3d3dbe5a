using CloudPipe.Inspections;
using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.Local.Triggers;

/// <summary>What the uploads of one container are.</summary>
/// <param name="Container">The container.</param>
/// <param name="Noun">What an upload becomes, for messages.</param>
/// <param name="IsUpload">Whether a blob is one, by its name.</param>
/// <param name="IdOf">The id that follows from a blob's name and ETag.</param>
/// <param name="TracesOf">The blobs of which one is there once an upload of that id has been taken up.</param>
internal sealed record UploadKind(string Container, string Noun, Func<string, bool> IsUpload, Func<string, string, string> IdOf, Func<string, BlobPath[]> TracesOf)
{
    private static readonly UploadKind[] _all =
    [
        new(BlobContainers.Inspections, "inspection", UploadFilter.IsVideo, InspectionId.Create, id => [InspectionPlan.PathOf(id), InspectionResult.PathOf(id)]),
        new(BlobContainers.Training, "training run", RunRequestReader.IsRequest, RunId.Create, id => [RunPlan.PathOf(id), RunResult.PathOf(id)]),
    ];

    /// <summary>The kind of a container.</summary>
    /// <param name="container">The container of a blob trigger.</param>
    /// <returns>The kind.</returns>
    /// <exception cref="InvalidOperationException">Nobody uploads to that container.</exception>
    public static UploadKind Of(string container) => _all.FirstOrDefault(kind => kind.Container == container)
        ?? throw new InvalidOperationException($"A function has a blob trigger on the container '{container}', which takes no uploads.");
}
