using CloudPipe.Storage;

namespace CloudPipe.Local.Triggers;

/// <summary>
/// Tells which blobs of repeated listings are new and whole. A copy into a folder grows for a while: its ETag changes
/// from look to look, so a blob counts as whole once it has stayed the same for a while.
/// </summary>
/// <param name="settleTime">How long a blob must stay the same; zero for a store whose writes are atomic.</param>
public sealed class UploadTracker(TimeSpan settleTime)
{
    private Dictionary<string, Sighting> _sightings = [];

    /// <summary>Whether some blob has been seen that is not known to be whole yet.</summary>
    public bool HasUnsettled { get; private set; }

    /// <summary>Takes one listing in.</summary>
    /// <param name="listing">Every blob that is there now.</param>
    /// <param name="now">When the listing was made.</param>
    /// <returns>The blobs that are whole since this look: each content of each name is returned once.</returns>
    public IReadOnlyList<BlobProperties> Observe(IEnumerable<BlobProperties> listing, DateTimeOffset now)
    {
        var ready = new List<BlobProperties>();
        var sightings = new Dictionary<string, Sighting>();
        foreach (BlobProperties blob in listing)
        {
            Sighting sighting = _sightings.TryGetValue(blob.Path.Name, out Sighting known) && known.ETag == blob.ETag
                ? known
                : new Sighting(blob.ETag, now, Returned: false);
            if (!sighting.Returned && now - sighting.Since >= settleTime)
            {
                ready.Add(blob);
                sighting = sighting with { Returned = true };
            }

            sightings[blob.Path.Name] = sighting;
        }

        _sightings = sightings;
        HasUnsettled = sightings.Values.Any(sighting => !sighting.Returned);
        return ready;
    }

    private readonly record struct Sighting(string ETag, DateTimeOffset Since, bool Returned);
}
