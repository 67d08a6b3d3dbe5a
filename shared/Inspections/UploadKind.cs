using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>What the uploads of one container are.</summary>
/// <param name="Container">The container.</param>
/// <param name="Noun">What an upload becomes, for messages.</param>
/// <param name="IsUpload">Whether a blob is one, by its name.</param>
/// <param name="IdOf">The id that follows from a blob's name and ETag.</param>
/// <param name="Traces">The blobs of which one is there once an upload of an id has been taken up, the most common one first.</param>
public sealed record UploadKind(string Container, string Noun, Func<string, bool> IsUpload, Func<string, string, string> IdOf, IReadOnlyList<Func<string, BlobPath>> Traces)
{
    // Up to so many uploads are asked for one by one; more of them would cost more calls than a listing.
    private const int Few = 8;

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<UploadKind> All { get; } =
    [
        new(BlobContainers.Inspections, "inspection", UploadFilter.IsVideo, InspectionId.Create, [InspectionPlan.PathOf, InspectionResult.PathOf]),
        new(BlobContainers.Training, "training run", RunRequestReader.IsRequest, RunId.Create, [RunPlan.PathOf, RunResult.PathOf]),
    ];

    /// <summary>The kind of a container.</summary>
    /// <param name="container">The container of a blob trigger.</param>
    /// <returns>The kind.</returns>
    /// <exception cref="InvalidOperationException">Nobody uploads to that container.</exception>
    public static UploadKind Of(string container) => All.FirstOrDefault(kind => kind.Container == container)
        ?? throw new InvalidOperationException($"A function has a blob trigger on the container '{container}', which takes no uploads.");

    /// <summary>Picks the uploads that have neither a plan nor a result: once there is one, messages carry an upload on.</summary>
    /// <param name="store">Where those are.</param>
    /// <param name="uploads">Uploads, listed before this call: what is taken up meanwhile is not picked.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>Those that nothing has taken up, in the same order.</returns>
    public async Task<IReadOnlyList<BlobProperties>> FindForgottenAsync(IBlobStore store, IEnumerable<BlobProperties> uploads, CancellationToken cancellationToken)
    {
        List<BlobProperties> left = [.. uploads];
        foreach (Func<string, BlobPath> trace in Traces)
        {
            if (left.Count == 0)
            {
                break;
            }

            Dictionary<BlobPath, BlobProperties> wanted = left.ToDictionary(upload => trace(IdOf(upload.Path.Name, upload.ETag)));
            HashSet<BlobPath> found = await FindAsync(store, wanted.Keys, cancellationToken).ConfigureAwait(false);
            left = [.. wanted.Where(pair => !found.Contains(pair.Key)).Select(pair => pair.Value)];
        }

        return left;
    }

    private static async Task<HashSet<BlobPath>> FindAsync(IBlobStore store, IReadOnlyCollection<BlobPath> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count > Few)
        {
            return await store.ListAllAsync(wanted.First().Container, null, cancellationToken)
                .Select(blob => blob.Path).Where(wanted.Contains).ToHashSetAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        var found = new HashSet<BlobPath>();
        foreach (BlobPath path in wanted)
        {
            if (await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null)
            {
                found.Add(path);
            }
        }

        return found;
    }
}
