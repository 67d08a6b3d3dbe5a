using System.Globalization;
using CloudPipe.Inspections;
using FFMpegCore;
using FFMpegCore.Enums;
using FFMpegCore.Exceptions;
using FFMpegCore.Pipes;

namespace CloudPipe.Shards;

/// <summary>
/// Cuts single frames: each is the one whose time stamp is nearest to the instant, at whatever frame rate. ffmpeg seeks
/// to the key frame before the instant and decodes from there, so the cost does not depend on where in the video it lies.
/// </summary>
internal sealed class FrameCutter(VideoSource source, VideoInfo video, int tileSize)
{
    // A frame's time stamp is moved to the middle between its predecessor's and its own: the frame that is shown at the
    // instant is then the nearest one. 'fps' picks it: of all frames up to its start it keeps the last, and it pads with
    // the first when the video begins later. 'trim' ends the work there.
    private const string NearestFrame = "setpts='if(eq(N,0),PTS,floor((PTS+PREV_INPTS)/2))',fps=fps=1000000:start_time={0},trim=end_frame=1";

    // bt601 full range is what JPEG means; 4:4:4, as a tile has fewer pixels than most pictures have colour samples.
    private const string Tile = "scale={0}:{0}:flags=bicubic+accurate_rnd+full_chroma_int+bitexact:out_color_matrix=bt601:out_range=pc,format=yuvj444p,setsar=1";

    // How far before the instant ffmpeg begins, in turn, until a frame before the instant is found.
    private static readonly double[] _runUpSeconds = [0, 3, 15, 60, double.PositiveInfinity];

    // MPEG streams have no index of key frames: a seek may land behind the last one. Nor has each frame a time stamp: it
    // takes some frames until they are right. So these begin with a run-up. What turned out to be needed for one frame is
    // where the search begins for the next.
    private volatile int _firstRunUp = video.Container is "mpeg" or "mpegts" ? 1 : 0;

    /// <summary>Cuts one frame.</summary>
    /// <param name="instantSeconds">From the video's first frame.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <returns>The JPEG, and the frame's time stamp in seconds from the video's first frame.</returns>
    /// <exception cref="InspectionRejectedException">The video has no frame there or before that can be decoded.</exception>
    /// <exception cref="IOException">The video could not be read; a later attempt may succeed.</exception>
    public async Task<(byte[] Jpeg, double ActualSeconds)> CutAsync(double instantSeconds, CancellationToken cancellationToken)
    {
        long start = Microseconds(video.StartSeconds);
        long instant = start + Microseconds(instantSeconds);
        string said = string.Empty;
        for (int attempt = _firstRunUp; attempt < _runUpSeconds.Length; attempt++)
        {
            bool fromStart = instant - (_runUpSeconds[attempt] * 1e6) <= start;
            long? seekTo = fromStart ? null : instant - Microseconds(_runUpSeconds[attempt]);
            (byte[] jpeg, IReadOnlyList<long> frames, said) = await DecodeAsync(seekTo, instant, cancellationToken).ConfigureAwait(false);
            if (frames.Count > 0 && jpeg.Length == 0 && frames[^1] < instant)
            {
                // The video ends before the instant: its last frame repeats.
                (jpeg, frames, said) = await DecodeAsync(seekTo, frames[^1] - 1, cancellationToken).ConfigureAwait(false);
            }

            if (jpeg.Length > 0 && frames.Count > 0 && (fromStart || frames[0] <= instant))
            {
                _firstRunUp = Math.Max(_firstRunUp, fromStart ? 0 : attempt);
                return (jpeg, (Nearest(frames, instant) - start) / 1e6);
            }

            if (fromStart)
            {
                break;
            }
        }

        throw new InspectionRejectedException(
            ReasonCode.Undecodable,
            string.Create(CultureInfo.InvariantCulture, $"No frame near {instantSeconds:0.0} s of the video can be decoded.{(said.Length > 0 ? $" ffmpeg says: {said}" : string.Empty)}"));
    }

    private static long Microseconds(double seconds) => (long)Math.Round(seconds * 1e6);

    /// <summary>Which of the decoded frames the filters have picked.</summary>
    private static long Nearest(IReadOnlyList<long> frames, long instant)
    {
        long nearest = frames[0];
        for (int index = 1; index < frames.Count && (frames[index] + frames[index - 1]) >> 1 <= instant; index++)
        {
            nearest = frames[index];
        }

        return nearest;
    }

    private async Task<(byte[] Jpeg, IReadOnlyList<long> Frames, string Said)> DecodeAsync(long? seekTo, long instant, CancellationToken cancellationToken)
    {
        var frames = new DecodedFrameLog();
        using var jpeg = new MemoryStream();
        string seek = seekTo is { } target ? $"-seek_timestamp 1 -noaccurate_seek -ss {Seconds(target)}" : string.Empty;
        string pick = string.Format(CultureInfo.InvariantCulture, NearestFrame, Seconds(instant));
        string tile = string.Format(CultureInfo.InvariantCulture, Tile, tileSize);
        FFMpegArgumentProcessor command = source.Open($"-copyts -flags -output_corrupt {seek}")
            .OutputToPipe(new StreamPipeSink((stream, _) => stream.CopyToAsync(jpeg, CancellationToken.None)), output => output
                .WithCustomArgument($"-map 0:V:0 -vf \"{DecodedFrameLog.Filters},{pick},{tile}\" -fps_mode passthrough -filter_threads 1")
                .WithFrameOutputCount(1)
                .WithVideoCodec("mjpeg")
                .WithCustomArgument("-q:v 2 -threads 1 -flags:v +bitexact -fflags +bitexact -map_metadata -1")
                .ForceFormat("image2pipe"))
            .NotifyOnError(frames.Add);
        try
        {
            await source.RunAsync(command, FFMpegLogLevel.Info, cancellationToken).ConfigureAwait(false);
        }
        catch (FFMpegException exception) when (source.IsTransient(exception))
        {
            throw new IOException($"The video could not be read: {source.Describe(exception)}", exception);
        }
        catch (FFMpegException exception)
        {
            return ([], frames.Microseconds, source.Describe(exception));
        }

        byte[] bytes = jpeg.ToArray();
        return bytes.Length == 0 || bytes.AsSpan().EndsWith([(byte)0xFF, (byte)0xD9])
            ? (bytes, frames.Microseconds, string.Empty)
            : throw new IOException("ffmpeg ended in the middle of a tile.");
    }

    private static string Seconds(long microseconds) => (microseconds / 1e6).ToString("F6", CultureInfo.InvariantCulture);
}
