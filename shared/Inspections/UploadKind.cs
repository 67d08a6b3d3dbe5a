using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>What the uploads of one container are.</summary>
/// <param name="Container">The container.</param>
/// <param name="Noun">What an upload becomes, for messages.</param>
/// <param name="IsUpload">Whether a blob is one, by its name.</param>
/// <param name="IdOf">The id that follows from a blob's name and ETag.</param>
/// <param name="TracesOf">The blobs of which one is there once an upload of that id has been taken up.</param>
public sealed record UploadKind(string Container, string Noun, Func<string, bool> IsUpload, Func<string, string, string> IdOf, Func<string, IReadOnlyList<BlobPath>> TracesOf)
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<UploadKind> All { get; } =
    [
        new(BlobContainers.Inspections, "inspection", UploadFilter.IsVideo, InspectionId.Create, id => [InspectionPlan.PathOf(id), InspectionResult.PathOf(id)]),
        new(BlobContainers.Training, "training run", RunRequestReader.IsRequest, RunId.Create, id => [RunPlan.PathOf(id), RunResult.PathOf(id)]),
    ];

    /// <summary>The kind of a container.</summary>
    /// <param name="container">The container of a blob trigger.</param>
    /// <returns>The kind.</returns>
    /// <exception cref="InvalidOperationException">Nobody uploads to that container.</exception>
    public static UploadKind Of(string container) => All.FirstOrDefault(kind => kind.Container == container)
        ?? throw new InvalidOperationException($"A function has a blob trigger on the container '{container}', which takes no uploads.");

    /// <summary>Whether an upload has a plan or a result: from then on messages carry it on.</summary>
    /// <param name="store">Where those are.</param>
    /// <param name="upload">The upload.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>Whether it has.</returns>
    public async Task<bool> IsTakenUpAsync(IBlobStore store, BlobProperties upload, CancellationToken cancellationToken)
    {
        foreach (BlobPath trace in TracesOf(IdOf(upload.Path.Name, upload.ETag)))
        {
            if (await store.FindAsync(trace, cancellationToken).ConfigureAwait(false) is not null)
            {
                return true;
            }
        }

        return false;
    }
}
