using System.Collections.Concurrent;
using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Storage;

namespace CloudPipe.Ensembling;

/// <summary>Loads releases by name and checks them. A release is immutable, so each is read once per process.</summary>
/// <param name="store">Where the releases container is.</param>
public sealed class ReleaseStore(IBlobStore store)
{
    private readonly ConcurrentDictionary<string, Release> _releases = new(StringComparer.Ordinal);

    // Those whose weights have been seen: weights are as immutable as the release that names them.
    private readonly ConcurrentDictionary<string, bool> _whole = new(StringComparer.Ordinal);

    /// <summary>Loads a release.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The release, checked by <see cref="ReleaseValidator"/>.</returns>
    /// <exception cref="InspectionRejectedException">There is no such release, or it is faulty: <see cref="ReasonCode.InvalidRelease"/>.</exception>
    public async Task<Release> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        if (_releases.TryGetValue(name, out Release? known))
            return known;
        if (!ReleaseValidator.IsName(name))
            throw Invalid($"'{Shorten(name)}' cannot name a release: use 1 to 64 characters of a-z, 0-9, hyphen and dot.");

        BlobPath path = Release.PathOf(name);
        Release? release;
        try
        {
            release = await store.ReadJsonAsync<Release>(path, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            throw Invalid($"The release '{name}' ({path}) is not the JSON of a release: {exception.Message}");
        }

        if (release is null)
            throw Invalid($"There is no release '{name}': {path} does not exist. Publish it, or name another one.");

        List<string> faults = [.. ReleaseValidator.Validate(release)];
        if (release.Name != name)
            faults.Insert(0, $"name is '{Shorten(release.Name)}', but the file is {path}.");
        if (faults.Count > 0)
            throw Invalid($"The release '{name}' ({path}) is faulty: {string.Join(" ", faults)}");

        return _releases.GetOrAdd(name, release);
    }

    /// <summary>Checks that every member's weights are there, before work is handed out that would fail for want of them.</summary>
    /// <param name="release">The release.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InspectionRejectedException">Some are missing: <see cref="ReasonCode.InvalidRelease"/>.</exception>
    public async Task RequireWeightsAsync(Release release, CancellationToken cancellationToken = default)
    {
        if (_whole.ContainsKey(release.Name))
            return;

        var missing = new List<string>();
        foreach (string weights in release.Members.Select(member => member.Weights).Distinct(StringComparer.Ordinal))
        {
            var path = new BlobPath(BlobContainers.Releases, weights);
            if (await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is null)
                missing.Add(path.ToString());
        }

        if (missing.Count > 0)
            throw Invalid($"The release '{release.Name}' names weights that are not there: {string.Join(", ", missing)}. Upload them, or name another release.");

        _whole[release.Name] = true;
    }

    private static InspectionRejectedException Invalid(string message) => new(ReasonCode.InvalidRelease, message);

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
