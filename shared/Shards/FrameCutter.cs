using System.Globalization;
using CloudPipe.Inspections;
using FFMpegCore;
using FFMpegCore.Enums;
using FFMpegCore.Exceptions;
using FFMpegCore.Pipes;

namespace CloudPipe.Shards;

/// <summary>
/// Cuts frames: each is the one whose time stamp is nearest to its instant, at whatever frame rate. ffmpeg seeks to the
/// key frame before an instant and decodes from there, so the cost does not depend on where in the video it lies. Where
/// decoding all that lies between the instants costs less than starting ffmpeg for each, one process cuts them all.
/// </summary>
internal sealed class FrameCutter(VideoSource source, VideoInfo video, int tileSize)
{
    // A frame's time stamp is moved to the middle between its predecessor's and its own: the frame that is shown at the
    // instant is then the nearest one. 'fps' picks it: of all frames up to its start it keeps the last, and it pads with
    // the first when the video begins later. 'trim' ends the work there.
    private const string NearestFrame = "setpts='if(eq(N,0),PTS,floor((PTS+PREV_INPTS)/2))',fps=fps=1000000:start_time={0},trim=end_frame=1";

    // The same for instants that follow each other evenly: the first becomes time 0, and 'fps' has a tick at each. It
    // rounds up, so that a tick shows the last frame at or before it; a microsecond of grace is what roundings may take.
    private const string NearestFrames = "setpts='if(eq(N,0),PTS,floor((PTS+PREV_INPTS)/2))-({0})',fps=fps={1}/{2}:start_time=0:round=up,trim=end_frame={1}";

    // bt601 full range is what JPEG means; 4:4:4, as a tile has fewer pixels than most pictures have colour samples.
    private const string Tile = "scale={0}:{0}:flags=bicubic+accurate_rnd+full_chroma_int+bitexact:out_color_matrix=bt601:out_range=pc,format=yuvj444p,setsar=1";

    // How far before the instant ffmpeg begins, in turn, until a frame before the instant is found.
    private static readonly double[] _runUpSeconds = [0, 3, 15, 60, double.PositiveInfinity];

    // Measured with ffmpeg 5.1 on a 2 GHz core: starting it and opening a file, and decoding H.264 on one thread.
    private const double ProcessSeconds = 0.1;
    private const double SecondsPerPixel = 3e-9;

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

    /// <summary>Cuts the frames of instants that follow each other evenly, in one go where that is cheaper.</summary>
    /// <param name="instantsSeconds">From the video's first frame, ascending.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <returns>For the first instants what <see cref="CutAsync"/> gives, byte for byte; the others, which may be all, are to be cut one by one.</returns>
    /// <exception cref="IOException">The video could not be read; a later attempt may succeed.</exception>
    public async Task<IReadOnlyList<(byte[] Jpeg, double ActualSeconds)>> CutTogetherAsync(IReadOnlyList<double> instantsSeconds, CancellationToken cancellationToken)
    {
        double span = instantsSeconds[^1] - instantsSeconds[0];
        double decodingSeconds = span * video.FramesPerSecond * video.Width * video.Height * SecondsPerPixel;
        if (instantsSeconds.Count == 1 || span <= 0 || _firstRunUp > 0 || decodingSeconds > instantsSeconds.Count * ProcessSeconds)
        {
            return [];
        }

        long start = Microseconds(video.StartSeconds);
        long[] instants = [.. instantsSeconds.Select(instant => start + Microseconds(instant))];
        long? seekTo = instants[0] <= start ? null : instants[0];

        // One tick an instant: the count over the time that as many instants take.
        long duration = Microseconds(span / (instants.Length - 1) * instants.Length);
        string pick = string.Format(CultureInfo.InvariantCulture, NearestFrames, instants[0] + 1, instants.Length, $"({duration}/1000000)");
        (byte[] stream, IReadOnlyList<long> frames, _) = await DecodeAsync(seekTo, pick, instants.Length, cancellationToken).ConfigureAwait(false);
        List<byte[]> jpegs = SplitJpegs(stream);

        // A seek may land behind the first instant. A video that ends before the last ones gives no frames for those.
        return frames.Count > 0 && (seekTo is null || frames[0] <= instants[0])
            ? [.. jpegs.Zip(instants, (jpeg, instant) => (jpeg, (Nearest(frames, instant) - start) / 1e6))]
            : [];
    }

    /// <summary>Makes the one tile of an image.</summary>
    /// <param name="image">The image, opened as one.</param>
    /// <param name="tileSize">Width and height of the tile in pixels.</param>
    /// <param name="cancellationToken">Stops ffmpeg.</param>
    /// <returns>The JPEG.</returns>
    /// <exception cref="InspectionRejectedException">It cannot be decoded.</exception>
    /// <exception cref="IOException">It could not be read; a later attempt may succeed.</exception>
    public static async Task<byte[]> CutImageAsync(VideoSource image, int tileSize, CancellationToken cancellationToken)
    {
        (byte[] jpeg, _, string said) = await DecodeAsync(image, tileSize, seekTo: null, pick: "trim=end_frame=1", count: 1, cancellationToken).ConfigureAwait(false);
        return jpeg.Length > 0
            ? jpeg
            : throw new InspectionRejectedException(ReasonCode.Undecodable, $"The image cannot be decoded.{(said.Length > 0 ? $" ffmpeg says: {said}" : string.Empty)}");
    }

    private static List<byte[]> SplitJpegs(ReadOnlySpan<byte> stream)
    {
        // Inside a picture FF is always followed by 00 or a restart marker: FF D9 is its end and nothing else.
        ReadOnlySpan<byte> endOfImage = [0xFF, 0xD9];
        var jpegs = new List<byte[]>();
        for (int end = stream.IndexOf(endOfImage); end >= 0; end = stream.IndexOf(endOfImage))
        {
            jpegs.Add(stream[..(end + endOfImage.Length)].ToArray());
            stream = stream[(end + endOfImage.Length)..];
        }

        return jpegs;
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

    private Task<(byte[] Jpegs, IReadOnlyList<long> Frames, string Said)> DecodeAsync(long? seekTo, long instant, CancellationToken cancellationToken) =>
        DecodeAsync(seekTo, string.Format(CultureInfo.InvariantCulture, NearestFrame, Seconds(instant)), 1, cancellationToken);

    private Task<(byte[] Jpegs, IReadOnlyList<long> Frames, string Said)> DecodeAsync(long? seekTo, string pick, int count, CancellationToken cancellationToken) =>
        DecodeAsync(source, tileSize, seekTo, pick, count, cancellationToken);

    private static async Task<(byte[] Jpegs, IReadOnlyList<long> Frames, string Said)> DecodeAsync(VideoSource source, int tileSize, long? seekTo, string pick, int count, CancellationToken cancellationToken)
    {
        var frames = new DecodedFrameLog();
        using var jpeg = new MemoryStream();
        string seek = seekTo is { } target ? $"-seek_timestamp 1 -noaccurate_seek -ss {Seconds(target)}" : string.Empty;
        string tile = string.Format(CultureInfo.InvariantCulture, Tile, tileSize);
        FFMpegArgumentProcessor command = source.Open($"-copyts -flags -output_corrupt {seek}")
            .OutputToPipe(new StreamPipeSink((stream, _) => stream.CopyToAsync(jpeg, CancellationToken.None)), output => output
                .WithCustomArgument($"-map 0:V:0 -vf \"{DecodedFrameLog.Filters},{pick},{tile}\" -fps_mode passthrough -filter_threads 1")
                .WithFrameOutputCount(count)
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
