using CloudPipe.Storage;

namespace CloudPipe.Local.Triggers;

/// <summary>
/// Tells which blobs of repeated listings are new and whole. A copy into a folder grows for a while: its ETag changes
/// from look to look, so a blob counts as whole once it has stayed the same for a while.
/// </summary>
/// <param name="settleTime">How long a blob must stay the same; zero for a store whose writes are atomic.</param>
/// <param name="keepsTime">
/// Whether the store itself dates every write, as a storage account does. Then what is older than everything that is left to
/// take is not looked at again, and only the newest blobs are remembered. In a folder, an old file may be new.
/// </param>
public sealed class UploadTracker(TimeSpan settleTime, bool keepsTime = false)
{
    // The servers of an account date writes by their own clocks.
    private static readonly TimeSpan _clockDifference = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _unsettled = [];
    private Dictionary<string, Sighting> _sightings = [];
    private DateTimeOffset _mark = DateTimeOffset.MinValue;
    private bool _hasLooked;

    /// <summary>The blobs that have been seen and are not known to be whole yet.</summary>
    public IReadOnlyCollection<string> Unsettled => _unsettled;

    /// <summary>Takes one listing in.</summary>
    /// <param name="listing">Every blob that is there now.</param>
    /// <param name="now">When the listing was made.</param>
    /// <returns>The blobs that are whole and not taken; each content of each name comes again until it is taken.</returns>
    public IReadOnlyList<BlobProperties> Observe(IEnumerable<BlobProperties> listing, DateTimeOffset now)
    {
        MoveMark();
        Dictionary<string, Sighting> known = _sightings;
        _sightings = [];
        _unsettled.Clear();
        List<BlobProperties> ready = [.. listing.Where(blob => blob.LastModified >= _mark && See(blob, known, now))];
        _hasLooked = true;
        return ready;
    }

    /// <summary>Takes in a look at a few blobs alone, after a first listing; all others stay as they were.</summary>
    /// <param name="names">Which.</param>
    /// <param name="found">Those of them that are there now.</param>
    /// <param name="now">When they were looked at.</param>
    /// <returns>The blobs that are whole and not taken.</returns>
    public IReadOnlyList<BlobProperties> Observe(IEnumerable<string> names, IEnumerable<BlobProperties> found, DateTimeOffset now)
    {
        var known = new Dictionary<string, Sighting>();
        foreach (string name in names)
        {
            _unsettled.Remove(name);
            if (_sightings.Remove(name, out Sighting sighting))
            {
                known.Add(name, sighting);
            }
        }

        return [.. found.Where(blob => See(blob, known, now))];
    }

    /// <summary>Whether a blob was there at the first look: only then may another process have taken it before.</summary>
    /// <param name="blob">The blob, as it was returned.</param>
    /// <returns>Whether it was.</returns>
    public bool IsOld(BlobProperties blob) => _sightings[blob.Path.Name].IsOld;

    /// <summary>Notes that a blob that was ready is in good hands.</summary>
    /// <param name="blob">The blob, as it was returned.</param>
    public void Take(BlobProperties blob) => _sightings[blob.Path.Name] = _sightings[blob.Path.Name] with { IsTaken = true };

    private bool See(BlobProperties blob, Dictionary<string, Sighting> known, DateTimeOffset now)
    {
        string name = blob.Path.Name;
        Sighting sighting = known.TryGetValue(name, out Sighting before) && before.ETag == blob.ETag
            ? before
            : new Sighting(blob.ETag, blob.LastModified, now, IsOld: !_hasLooked, IsTaken: false);
        _sightings[name] = sighting;
        bool isWhole = now - sighting.Since >= settleTime;
        if (!sighting.IsTaken && !isWhole)
        {
            _unsettled.Add(name);
        }

        return !sighting.IsTaken && isWhole;
    }

    private void MoveMark()
    {
        if (keepsTime && _sightings.Count > 0)
        {
            IEnumerable<Sighting> left = _sightings.Values.Where(sighting => !sighting.IsTaken);
            DateTimeOffset newest = _sightings.Values.Max(sighting => sighting.LastModified);
            _mark = left.Select(sighting => sighting.LastModified).Append(newest).Min() - _clockDifference;
        }
    }

    private readonly record struct Sighting(string ETag, DateTimeOffset LastModified, DateTimeOffset Since, bool IsOld, bool IsTaken);
}
