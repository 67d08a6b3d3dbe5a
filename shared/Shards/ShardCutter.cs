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
        List<double> instants = [.. segments.SelectMany(segment => SamplingPlan.For(segment, plan.Grid).InstantsSeconds)];

        Uri uri = await store.GetReadUriAsync(new BlobPath(BlobContainers.Inspections, plan.BlobName), _addressLifetime, cancellationToken).ConfigureAwait(false);
        using var source = new VideoSource(uri, options);
        var cutter = new FrameCutter(source, plan.Video, plan.TileSize);
        var tiles = new (byte[] Jpeg, double ActualSeconds)[instants.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.CutParallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, instants.Count, parallel, async (index, token) =>
            tiles[index] = await cutter.CutAsync(instants[index], token).ConfigureAwait(false)).ConfigureAwait(false);

        int tilesPerSegment = plan.Grid * plan.Grid;
        return [.. segments.Select((segment, position) => Assemble(segment, position * tilesPerSegment))];

        ShardSegment Assemble(Segment segment, int first)
        {
            Range span = first..(first + tilesPerSegment);
            IEnumerable<FrameTime> times = instants[span].Zip(tiles[span], (planned, tile) => new FrameTime(planned, tile.ActualSeconds));
            var manifest = new SegmentManifest(segment.Index, segment.StartSeconds, segment.EndSeconds, [.. times]);
            return new ShardSegment(manifest, [.. tiles[span].Select(tile => (ReadOnlyMemory<byte>)tile.Jpeg)]);
        }
    }
}
