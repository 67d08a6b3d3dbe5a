using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.Inspections;
using CloudPipe.Shards;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>A shard's segments that wait for one member.</summary>
/// <param name="release">What the member belongs to.</param>
/// <param name="member">The member.</param>
/// <param name="segments">Decoded tiles at the member's tile size; they stay the caller's.</param>
internal sealed class ScoringRequest(Release release, Member member, IReadOnlyList<SegmentTiles> segments)
{
    private readonly TaskCompletionSource<SegmentPrediction[]> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<SegmentPrediction> _rows = [];
    private readonly IReadOnlyList<SuperImageView>[] _views =
        [.. segments.Select(segment => SuperImageView.Of(release.TestTimeAugmentation, new SuperImageFrames(segment.TileCount, release.Grid * release.Grid), release.Grid * release.Grid))];

    public Release Release => release;

    public Member Member => member;

    /// <summary>What passes through the network: every view of every segment.</summary>
    public IEnumerable<(SegmentTiles Segment, SuperImageView View)> Images =>
        segments.Zip(_views).SelectMany(pair => pair.Second.Select(view => (pair.First, view)));

    /// <summary>One row per segment.</summary>
    public Task<SegmentPrediction[]> Outcome => _outcome.Task;

    /// <summary>Whether both may travel through the network in one batch.</summary>
    public bool SharesBatchWith(ScoringRequest other) =>
        other.Member.Weights == member.Weights && other.Release.Name == release.Name;

    /// <summary>Takes the next image's row; the last one completes the request.</summary>
    public void Add(SegmentPrediction row)
    {
        _rows.Add(row);
        if (_rows.Count == _views.Sum(views => views.Count))
            _outcome.SetResult([.. AverageViews()]);
    }

    /// <summary>Forgets the rows of a pass that was stopped half-way: another one begins anew.</summary>
    public void StartOver() => _rows.Clear();

    public void Fail(Exception exception) => _outcome.TrySetException(exception);

    // How familiar a segment is tells the plain view, which is the first.
    private IEnumerable<SegmentPrediction> AverageViews()
    {
        int first = 0;
        foreach (IReadOnlyList<SuperImageView> views in _views)
        {
            List<SegmentPrediction> rows = _rows.GetRange(first, views.Count);
            float[] average = [.. rows[0].Probabilities.Select((_, index) => (float)(rows.Sum(row => (double)row.Probabilities[index]) / rows.Count))];
            yield return rows[0] with { Probabilities = average };
            first += views.Count;
        }
    }
}
