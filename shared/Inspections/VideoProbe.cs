using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using CloudPipe.Storage;
using FFMpegCore;
using FFMpegCore.Enums;
using FFMpegCore.Exceptions;

namespace CloudPipe.Inspections;

/// <summary>
/// Looks into an upload before any work is done on it: reads its header and its last packets, and decodes one frame, the
/// first. Whatever ffmpeg would follow to other files or addresses is refused.
/// </summary>
/// <param name="store">Where the upload is.</param>
/// <param name="options">What is accepted.</param>
public sealed class VideoProbe(IBlobStore store, InspectionOptions options)
{
    /// <summary>The smallest width and height that are accepted, in pixels.</summary>
    public const int SmallestSide = 16;

    // How much of a declared length may be missing at the end: players' and recorders' rounding, sound that runs on.
    private const double ToleratedSeconds = 2, ToleratedShare = 0.05;

    // How far before the declared end the last packets are looked for.
    private const double TailSeconds = 3;

    private static readonly TimeSpan _addressLifetime = TimeSpan.FromHours(1);

    // Containers whose header states a length; that of the others is a guess of ffmpeg's.
    private static readonly string[] _containersWithLength = ["mov", "matroska", "asf"];

    /// <summary>Probes an upload.</summary>
    /// <param name="head">The upload.</param>
    /// <param name="cancellationToken">Stops the probe.</param>
    /// <returns>What the plan needs to know.</returns>
    /// <exception cref="InspectionRejectedException">It is no video that can be scored.</exception>
    /// <exception cref="IOException">The store could not be read; a later attempt may succeed.</exception>
    public async Task<VideoInfo> ProbeAsync(UploadHead head, CancellationToken cancellationToken = default)
    {
        BlobProperties upload = head.Properties;
        if (upload.Length == 0)
        {
            throw new InspectionRejectedException(ReasonCode.EmptyFile, $"'{upload.Path.Name}' is empty. Upload it again, and wait until the copy is complete.");
        }

        CheckRiffLength(head);
        Uri uri = await store.GetReadUriAsync(upload.Path, _addressLifetime, cancellationToken).ConfigureAwait(false);
        using var source = new VideoSource(uri, options);
        string name = upload.Path.Name;
        try
        {
            IMediaAnalysis analysis = await AnalyseAsync(source, name, IsIsoMedia(head.Bytes.Span), cancellationToken).ConfigureAwait(false);
            VideoStream stream = ChooseStream(analysis, name);
            double start = await DecodeFirstFrameAsync(source, name, cancellationToken).ConfigureAwait(false);
            double framesPerSecond = FrameRate(stream);
            double duration = await MeasureDurationAsync(source, analysis, stream, start, framesPerSecond, name, cancellationToken).ConfigureAwait(false);
            if (duration > options.MaxDurationSeconds)
            {
                throw new InspectionRejectedException(ReasonCode.TooLong, $"'{name}' lasts {duration:0} s; at most {options.MaxDurationSeconds:0} s are accepted. Cut it into shorter videos.");
            }

            // ffmpeg counts counter-clockwise, from -180 to 180.
            int rotation = ((360 - (int)Math.Round(stream.Rotation / 90.0) * 90) % 360 + 360) % 360;
            bool sideways = rotation is 90 or 270;
            return new VideoInfo(
                duration,
                start,
                sideways ? stream.Height : stream.Width,
                sideways ? stream.Width : stream.Height,
                framesPerSecond,
                stream.CodecName ?? "unknown",
                analysis.Format.FormatName,
                rotation);
        }
        catch (TimeoutException exception) when (source.IsLocal)
        {
            throw new InspectionRejectedException(ReasonCode.Undecodable, $"'{name}': {exception.Message} Convert it to MP4 and upload that.");
        }
    }

    private static async Task<IMediaAnalysis> AnalyseAsync(VideoSource source, string name, bool isIsoMedia, CancellationToken cancellationToken)
    {
        try
        {
            return await source.AnalyseAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FFMpegException exception) when (source.IsTransient(exception))
        {
            throw new IOException($"'{name}' could not be read: {source.Describe(exception)}", exception);
        }
        catch (FFMpegException exception) when (isIsoMedia && exception.FFMpegErrorOutput.Contains("moov atom not found", StringComparison.Ordinal))
        {
            throw new InspectionRejectedException(ReasonCode.Truncated, $"'{name}' is an MP4 or MOV without its index (moov): the recording or the upload was cut off. Upload it again whole.");
        }
        catch (FFMpegException exception)
        {
            throw new InspectionRejectedException(ReasonCode.NotAVideo, $"'{name}' is no video in a container that is read (MP4, MOV, MKV, WebM, AVI, MPEG-PS, MPEG-TS, WMV, FLV). ffprobe says: {source.Describe(exception)}");
        }
        catch (Exception exception) when (exception is FFProbeException or JsonException or FormatException or OverflowException)
        {
            // ffprobe ended well but printed what cannot be understood.
            throw new InspectionRejectedException(ReasonCode.NotAVideo, $"'{name}' is no video in a container that is read (MP4, MOV, MKV, WebM, AVI, MPEG-PS, MPEG-TS, WMV, FLV).");
        }
    }

    private VideoStream ChooseStream(IMediaAnalysis analysis, string name)
    {
        // The cover picture of a sound file is a video stream, too.
        VideoStream stream = analysis.VideoStreams
            .Where(candidate => candidate.Disposition is null || !candidate.Disposition.GetValueOrDefault("attached_pic"))
            .MinBy(candidate => candidate.Index)
            ?? throw new InspectionRejectedException(ReasonCode.NoVideoStream, $"'{name}' holds no video stream{(analysis.AudioStreams.Count > 0 ? ", only sound" : string.Empty)}.");

        if (stream.Width < SmallestSide || stream.Height < SmallestSide || (long)stream.Width * stream.Height > options.MaxPixels)
        {
            throw new InspectionRejectedException(
                ReasonCode.UnsupportedSize,
                $"'{name}' has a picture of {stream.Width}×{stream.Height} pixels; {SmallestSide}×{SmallestSide} to {options.MaxPixels} pixels in all are accepted.");
        }

        return stream;
    }

    private static double FrameRate(VideoStream stream) =>
        stream.AvgFrameRate is > 0 and < 1000 ? stream.AvgFrameRate : stream.FrameRate is > 0 and < 1000 ? stream.FrameRate : 25;

    /// <summary>Decodes one frame: proves that there is a decoder for it, and gives its exact time stamp.</summary>
    private static async Task<double> DecodeFirstFrameAsync(VideoSource source, string name, CancellationToken cancellationToken)
    {
        var frames = new DecodedFrameLog();
        string said = string.Empty;
        try
        {
            FFMpegArgumentProcessor command = source.Open("-copyts")
                .OutputToFile("-", overwrite: true, output => output
                    .WithCustomArgument($"-map 0:V:0 -vf {DecodedFrameLog.Filters} -fps_mode passthrough")
                    .WithFrameOutputCount(1)
                    .ForceFormat("null"))
                .NotifyOnError(frames.Add);
            await source.RunAsync(command, FFMpegLogLevel.Info, cancellationToken).ConfigureAwait(false);
        }
        catch (FFMpegException exception) when (source.IsTransient(exception))
        {
            throw new IOException($"'{name}' could not be read: {source.Describe(exception)}", exception);
        }
        catch (FFMpegException exception)
        {
            said = $" ffmpeg says: {source.Describe(exception)}";
        }

        return frames.Microseconds.Count > 0
            ? frames.Microseconds[0] / 1e6
            : throw new InspectionRejectedException(ReasonCode.Undecodable, $"'{name}' has no frame that can be decoded.{said}");
    }

    private static async Task<double> MeasureDurationAsync(VideoSource source, IMediaAnalysis analysis, VideoStream stream, double start, double framesPerSecond, string name, CancellationToken cancellationToken)
    {
        double declared = (stream.Duration > TimeSpan.Zero ? stream.Duration : analysis.Format.Duration).TotalSeconds;
        double frameSeconds = 1 / framesPerSecond;
        try
        {
            PacketScan scan = new(null, null);
            if (declared > TailSeconds)
            {
                scan = await PacketScan.ReadAsync(source, start + declared - TailSeconds, frameSeconds, cancellationToken).ConfigureAwait(false);
            }

            if (scan.VideoEndSeconds is null)
            {
                scan = await PacketScan.ReadAsync(source, null, frameSeconds, cancellationToken).ConfigureAwait(false);
            }

            // A time stamp, not a length: some muxers count a late start into the declared length, others do not.
            double end = scan.EndSeconds ?? start;
            if (_containersWithLength.Any(analysis.Format.FormatName.Split(',').Contains) && end < declared - Math.Max(ToleratedSeconds, declared * ToleratedShare))
            {
                throw new InspectionRejectedException(ReasonCode.Truncated, $"'{name}' ends after {end:0} s although its header says {declared:0} s: the recording or the upload was cut off. Upload it again whole.");
            }

            return Math.Max((scan.VideoEndSeconds ?? start) - start, frameSeconds);
        }
        catch (FFMpegException exception) when (source.IsTransient(exception))
        {
            throw new IOException($"'{name}' could not be read: {source.Describe(exception)}", exception);
        }
        catch (FFMpegException exception)
        {
            throw new InspectionRejectedException(ReasonCode.Undecodable, $"'{name}' cannot be read to its end. ffmpeg says: {source.Describe(exception)}");
        }
    }

    /// <summary>Whether a file is an MP4 or MOV by its first box; ffmpeg also believes the extension of a file's name.</summary>
    private static bool IsIsoMedia(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> type = header[4..8];
        return type.SequenceEqual("ftyp"u8) || type.SequenceEqual("mdat"u8) || type.SequenceEqual("wide"u8) || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8);
    }

    /// <summary>An AVI states its size; ffmpeg would read a shorter one without a word.</summary>
    private static void CheckRiffLength(UploadHead head)
    {
        BlobProperties upload = head.Properties;
        ReadOnlySpan<byte> header = head.Bytes.Span;
        if (!header[..4].SequenceEqual("RIFF"u8) || !header[8..].SequenceEqual("AVI "u8))
        {
            return;
        }

        // A recorder that streams writes no size, or the largest one.
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (size is not (0 or uint.MaxValue) && size + 8L > upload.Length + 1)
        {
            string stated = (size + 8L).ToString(CultureInfo.InvariantCulture);
            throw new InspectionRejectedException(ReasonCode.Truncated, $"'{upload.Path.Name}' has {upload.Length} bytes although its header says {stated}: the recording or the upload was cut off. Upload it again whole.");
        }
    }
}
