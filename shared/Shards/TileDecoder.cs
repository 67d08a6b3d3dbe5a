using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CloudPipe.Telemetry;
using FFMpegCore;
using FFMpegCore.Enums;
using FFMpegCore.Exceptions;
using FFMpegCore.Pipes;
// The package's FFMpegCore.Enums has a Channel too.
using Channel = System.Threading.Channels.Channel;

namespace CloudPipe.Shards;

/// <summary>
/// Decodes a shard's JPEG tiles to RGB with one ffmpeg process: a run of JPEG images is an MJPEG stream, and what comes
/// back is raw video. Segments are handed on as they arrive, so that scoring may begin while others still decode.
/// </summary>
public static class TileDecoder
{
    // A tile is at most 2,048 pixels wide and high; more is refused before memory is taken for it.
    private const int MostPixels = 2048 * 2048;

    /// <summary>Decodes tiles.</summary>
    /// <param name="segments">From <see cref="ShardReader"/>.</param>
    /// <param name="tileSize">Width and height in pixels that are wanted; tiles stored at another size are scaled (bicubic).</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    /// <returns>The segments in order; the caller disposes each. At most two are decoded ahead of the caller.</returns>
    /// <exception cref="ShardFormatException">A tile cannot be decoded.</exception>
    public static async IAsyncEnumerable<SegmentTiles> DecodeAsync(
        IReadOnlyList<ShardSegment> segments,
        int tileSize,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tileSize, 1);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<SegmentTiles> decoded = Channel.CreateBounded<SegmentTiles>(1);
        Task decoding = RunAsync(segments, tileSize, decoded.Writer, stopping.Token);
        try
        {
            await foreach (SegmentTiles tiles in decoded.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return tiles;
            }
        }
        finally
        {
            // The caller may stop early: end the process, and give back what nobody took.
            await stopping.CancelAsync().ConfigureAwait(false);
            await decoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (decoded.Reader.TryRead(out SegmentTiles? unread))
            {
                unread.Dispose();
            }
        }
    }

    private static async Task RunAsync(IReadOnlyList<ShardSegment> segments, int tileSize, ChannelWriter<SegmentTiles> decoded, CancellationToken cancellationToken)
    {
        int decodedCount = 0;
        using CloudPipeMeter.Measurement measurement = CloudPipeMeter.MeasureWork(CloudPipeMeter.FFmpeg);
        try
        {
            var sink = new StreamPipeSink(async (stream, _) => decodedCount = await ReadAsync(stream, segments, tileSize, decoded, cancellationToken).ConfigureAwait(false));
            await FFMpegArguments
                .FromPipeInput(new MotionJpegSource(segments), options => options.UsingThreads(1).WithCustomArgument($"-max_pixels {MostPixels}"))
                .OutputToPipe(sink, options => options
                    .WithCustomArgument($"-fps_mode passthrough -vf scale={tileSize}:{tileSize}:flags=bicubic+accurate_rnd+full_chroma_int+bitexact")
                    .ForcePixelFormat("rgb24")
                    .ForceFormat("rawvideo"))
                .WithLogLevel(FFMpegLogLevel.Error)
                .CancellableThrough(cancellationToken)
                .ProcessAsynchronously()
                .ConfigureAwait(false);
            decoded.Complete(decodedCount == segments.Count
                ? null
                : new ShardFormatException($"A tile of segment {segments[decodedCount].Manifest.SegmentIndex} or an earlier one cannot be decoded: {decodedCount} of {segments.Count} segments came back whole."));
        }
        catch (FFMpegException exception) when (exception.Type == FFMpegExceptionType.Process)
        {
            decoded.Complete(new ShardFormatException($"ffmpeg cannot decode the tiles of this shard: {exception.FFMpegErrorOutput}", exception));
        }
        catch (Exception exception)
        {
            decoded.Complete(exception);
        }
    }

    /// <summary>Reads raw video until its end and returns how many segments were whole.</summary>
    private static async Task<int> ReadAsync(Stream stream, IReadOnlyList<ShardSegment> segments, int tileSize, ChannelWriter<SegmentTiles> decoded, CancellationToken cancellationToken)
    {
        for (int index = 0; index < segments.Count; index++)
        {
            var tiles = new SegmentTiles(segments[index].Manifest, tileSize);
            try
            {
                int read = await stream.ReadAtLeastAsync(tiles.WritablePixels, tiles.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                if (read < tiles.Length)
                {
                    tiles.Dispose();
                    return index;
                }

                await decoded.WriteAsync(tiles, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                tiles.Dispose();
                throw;
            }
        }

        return segments.Count;
    }

    private sealed class MotionJpegSource(IReadOnlyList<ShardSegment> segments) : IPipeSource
    {
        public string GetStreamArguments() => "-f mjpeg";

        public async Task WriteAsync(Stream outputStream, CancellationToken cancellationToken)
        {
            foreach (ShardSegment segment in segments)
            {
                foreach (ReadOnlyMemory<byte> tile in segment.Tiles)
                {
                    await outputStream.WriteAsync(tile, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }
}
