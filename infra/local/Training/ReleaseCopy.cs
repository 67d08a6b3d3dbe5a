using CloudPipe.Ensembling;
using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.Local.Training;

/// <summary>Copies what a training run has made out of the bucket: the release as it may be published elsewhere, and its report.</summary>
/// <param name="store">The bucket.</param>
internal sealed class ReleaseCopy(IBlobStore store)
{
    /// <summary>Writes <c>&lt;release&gt;.json</c>, the weights under the names that it gives them, and <c>&lt;release&gt;.report.html</c>.</summary>
    /// <param name="result">The run, completed.</param>
    /// <param name="folder">Where; made if absent.</param>
    /// <param name="cancellationToken">Stops copying.</param>
    public async Task WriteAsync(RunResult result, string folder, CancellationToken cancellationToken)
    {
        Release release = await store.ReadJsonAsync<Release>(Release.PathOf(result.Release!), cancellationToken).ConfigureAwait(false)
            ?? throw new IOException($"The release '{result.Release}' is no longer in the bucket.");
        foreach (Member member in release.Members)
        {
            await CopyAsync(new BlobPath(BlobContainers.Releases, member.Weights), Path.Combine(folder, member.Weights), cancellationToken).ConfigureAwait(false);
        }

        await CopyAsync(Release.PathOf(release.Name), Path.Combine(folder, $"{release.Name}.json"), cancellationToken).ConfigureAwait(false);
        await CopyAsync(RunResult.FileOf(result.RunId, ReduceRunStep.ReportFile), Path.Combine(folder, $"{release.Name}.report.html"), cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyAsync(BlobPath from, string to, CancellationToken cancellationToken)
    {
        await using BlobContent content = await store.OpenReadAsync(from, null, cancellationToken).ConfigureAwait(false)
            ?? throw new IOException($"'{from}' is no longer in the bucket.");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
        await using FileStream file = File.Create(to);
        await content.Stream.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
    }
}
