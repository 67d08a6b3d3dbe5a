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
    /// <returns>The segments in order, a JPEG tile for each of their frames; the same plan and video give the same bytes.</returns>
    /// <exception cref="InspectionRejectedException">A part of the video cannot be decoded.</exception>
    /// <exception cref="IOException">The video could not be read; a later attempt may succeed.</exception>
    public async Task<IReadOnlyList<ShardSegment>> CutAsync(InspectionPlan plan, int shardIndex, CancellationToken cancellationToken = default)
    {
        Shard shard = plan.Shards[shardIndex];
        return await CutAsync(
            plan.BlobName,
            plan.Video,
            plan.TileSize,
            [.. plan.Segments.Skip(shard.FirstSegment).Take(shard.SegmentCount).Select(segment => (segment, plan.InstantsOf(segment)))],
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Cuts segments of a video into memory.</summary>
    /// <param name="blobName">The video's name in the inspections container.</param>
    /// <param name="video">What the probe found.</param>
    /// <param name="tileSize">Width and height of a tile in pixels.</param>
    /// <param name="segments">The segments, each with the instants that stand for it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The segments in order, a JPEG tile for each instant; the same request and video give the same bytes.</returns>
    /// <exception cref="InspectionRejectedException">A part of the video cannot be decoded.</exception>
    /// <exception cref="IOException">The video could not be read; a later attempt may succeed.</exception>
    public async Task<IReadOnlyList<ShardSegment>> CutAsync(
        string blobName,
        VideoInfo video,
        int tileSize,
        IReadOnlyList<(Segment Segment, SamplingPlan Sampling)> segments,
        CancellationToken cancellationToken = default)
    {
        using VideoSource source = await OpenAsync(blobName, stillImage: false, cancellationToken).ConfigureAwait(false);
        var cutter = new FrameCutter(source, video, tileSize);
        using var processes = new SemaphoreSlim(options.CutParallelism);
        return await Task.WhenAll(segments.Select(part => CutAsync(cutter, part.Segment, part.Sampling.InstantsSeconds, processes, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>Makes the one tile of an image, scaled as a video's frames are.</summary>
    /// <param name="blobName">The image's name in the inspections container.</param>
    /// <param name="tileSize">Width and height of the tile in pixels.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The JPEG.</returns>
    /// <exception cref="InspectionRejectedException">The image cannot be decoded.</exception>
    /// <exception cref="IOException">The image could not be read; a later attempt may succeed.</exception>
    public async Task<ReadOnlyMemory<byte>> CutImageAsync(string blobName, int tileSize, CancellationToken cancellationToken = default)
    {
        using VideoSource source = await OpenAsync(blobName, stillImage: true, cancellationToken).ConfigureAwait(false);
        return await FrameCutter.CutImageAsync(source, tileSize, cancellationToken).ConfigureAwait(false);
    }

    private async Task<VideoSource> OpenAsync(string blobName, bool stillImage, CancellationToken cancellationToken) =>
        new(await store.GetReadUriAsync(new BlobPath(BlobContainers.Inspections, blobName), _addressLifetime, cancellationToken).ConfigureAwait(false), options, stillImage);

    private static async Task<ShardSegment> CutAsync(FrameCutter cutter, Segment segment, IReadOnlyList<double> instants, SemaphoreSlim processes, CancellationToken cancellationToken)
    {
        IReadOnlyList<(byte[] Jpeg, double ActualSeconds)> first = await InTurnAsync(() => cutter.CutTogetherAsync(instants, cancellationToken)).ConfigureAwait(false);
        (byte[] Jpeg, double ActualSeconds)[] tiles =
            [.. first, .. await Task.WhenAll(instants.Skip(first.Count).Select(instant => InTurnAsync(() => cutter.CutAsync(instant, cancellationToken)))).ConfigureAwait(false)];
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
