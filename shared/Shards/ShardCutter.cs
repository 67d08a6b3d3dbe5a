using CloudPipe.Inspections;
using CloudPipe.Storage;

namespace CloudPipe.Shards;

/// <summary>
/// Cuts the frames of a shard once, for all members of the ensemble. The video is never downloaded: ffmpeg reads the
/// ranges it needs, decodes from the key frame before each sampling instant, and scales the picture to a square tile
/// (bicubic, the whole picture, rotation applied, fields of interlaced video left as they are).
/// </summary>
/// <param name="store">Where the upload is.</param>
/// <param name="options">How many processes at once, and their limits.</param>
public sealed class ShardCutter(IBlobStore store, InspectionOptions options)
{
    private static readonly TimeSpan _addressLifetime = TimeSpan.FromHours(2);

    /// <summary>Cuts a shard into memory: about 60 kB a tile.</summary>
    /// <param name="plan">The inspection's plan.</param>
    /// <param name="shardIndex">Which of its shards, from 0.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The segments in order, grid² JPEG tiles each; the same plan and video give the same bytes.</returns>
    /// <exception cref="InspectionRejectedException">A part of the video cannot be decoded.</exception>
    /// <exception cref="IOException">The video could not be read; a later attempt may succeed.</exception>
    public async Task<IReadOnlyList<ShardSegment>> CutAsync(InspectionPlan plan, int shardIndex, CancellationToken cancellationToken = default)
    {
        Shard shard = plan.Shards[shardIndex];
        List<Segment> segments = [.. plan.Segments.Skip(shard.FirstSegment).Take(shard.SegmentCount)];
        Uri uri = await store.GetReadUriAsync(new BlobPath(BlobContainers.Inspections, plan.BlobName), _addressLifetime, cancellationToken).ConfigureAwait(false);
        using var source = new VideoSource(uri, options);
        var cutter = new FrameCutter(source, plan.Video, plan.TileSize);
        using var processes = new SemaphoreSlim(options.CutParallelism);
        return await Task.WhenAll(segments.Select(segment => CutAsync(cutter, segment, plan.Grid, processes, cancellationToken))).ConfigureAwait(false);
    }

    private static async Task<ShardSegment> CutAsync(FrameCutter cutter, Segment segment, int grid, SemaphoreSlim processes, CancellationToken cancellationToken)
    {
        IReadOnlyList<double> instants = SamplingPlan.For(segment, grid).InstantsSeconds;
        IReadOnlyList<(byte[] Jpeg, double ActualSeconds)> tiles =
            await InTurnAsync(() => cutter.TryCutTogetherAsync(instants, cancellationToken)).ConfigureAwait(false)
            ?? await Task.WhenAll(instants.Select(instant => InTurnAsync(() => cutter.CutAsync(instant, cancellationToken)))).ConfigureAwait(false);
        IEnumerable<FrameTime> times = instants.Zip(tiles, (planned, tile) => new FrameTime(planned, tile.ActualSeconds));
        var manifest = new SegmentManifest(segment.Index, segment.StartSeconds, segment.EndSeconds, [.. times]);
        return new ShardSegment(manifest, [.. tiles.Select(tile => (ReadOnlyMemory<byte>)tile.Jpeg)]);

        async Task<T> InTurnAsync<T>(Func<Task<T>> work)
        {
            await processes.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await work().ConfigureAwait(false);
            }
            finally
            {
                processes.Release();
            }
        }
    }
}
