using CloudPipe.Ensembling;
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

    public Release Release => release;

    public Member Member => member;

    public IReadOnlyList<SegmentTiles> Segments => segments;

    /// <summary>One row per segment.</summary>
    public Task<SegmentPrediction[]> Outcome => _outcome.Task;

    /// <summary>Whether both may travel through the network in one batch.</summary>
    public bool SharesBatchWith(ScoringRequest other) =>
        other.Member.Weights == member.Weights && other.Release.Name == release.Name;

    /// <summary>Takes the next segment's row; the last one completes the request.</summary>
    public void Add(SegmentPrediction row)
    {
        _rows.Add(row);
        if (_rows.Count == segments.Count)
            _outcome.SetResult([.. _rows]);
    }

    /// <summary>Forgets the rows of a pass that was stopped half-way: another one begins anew.</summary>
    public void StartOver() => _rows.Clear();

    public void Fail(Exception exception) => _outcome.TrySetException(exception);
}
