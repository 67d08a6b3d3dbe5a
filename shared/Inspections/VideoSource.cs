using System.Globalization;
using CloudPipe.Telemetry;
using FFMpegCore;
using FFMpegCore.Enums;
using FFMpegCore.Exceptions;

namespace CloudPipe.Inspections;

/// <summary>
/// A video as ffmpeg opens it: one address, only the protocols that this address needs, only containers that hold their
/// own frames. Playlists and scripts, which name further files, are never followed. A single image opens the same way.
/// </summary>
internal sealed class VideoSource : IDisposable
{
    private const string Demuxers = "mov,matroska,avi,mpeg,mpegts,asf,flv";

    // Without a pattern a name's '%d' and '*' stand for themselves, and no second file is read.
    private const string ImageDemuxer = "image2 -f image2 -pattern_type none";

    // The largest single block that ffmpeg may take: an index of a survey of many hours fits, a hostile table does not.
    private const long LargestAllocation = 256L * 1024 * 1024;

    private readonly Uri _uri;
    private readonly string? _link;
    private readonly string _openArguments;
    private readonly InspectionOptions _options;

    /// <summary>Prepares an address for ffmpeg.</summary>
    /// <param name="uri">From <see cref="Storage.IBlobStore.GetReadUriAsync"/>.</param>
    /// <param name="options">Time limit and largest picture.</param>
    /// <param name="stillImage">Whether it is a single image.</param>
    public VideoSource(Uri uri, InspectionOptions options, bool stillImage = false)
    {
        _uri = uri;
        _options = options;
        string protocols = uri.Scheme switch
        {
            "file" => "file",
            "http" => "http,tcp",
            "https" => "https,tls,tcp",
            _ => throw new NotSupportedException($"A video cannot be read by '{uri.Scheme}:'; the store must give a file, http or https address."),
        };
        string reconnect = IsLocal ? string.Empty : " -reconnect 1 -reconnect_on_network_error 1 -reconnect_delay_max 5 -rw_timeout 20000000";
        _openArguments = $"-protocol_whitelist {protocols} -format_whitelist {(stillImage ? ImageDemuxer : Demuxers)} -max_alloc {LargestAllocation.ToString(CultureInfo.InvariantCulture)}{reconnect}";
        if (IsLocal && uri.LocalPath.Contains('"'))
        {
            // FFMpegCore puts paths between quotes and does not escape them.
            _link = Path.Combine(Path.GetTempPath(), $"cloudpipe-{Guid.NewGuid():N}");
            File.CreateSymbolicLink(_link, uri.LocalPath);
        }
    }

    /// <summary>Whether the video is a file of this machine, so that no failure can be the network's.</summary>
    public bool IsLocal => _uri.IsFile;

    private string LocalPath => _link ?? _uri.LocalPath;

    /// <summary>Runs ffprobe.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What it found.</returns>
    /// <exception cref="FFMpegException">It could not open the video.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public Task<IMediaAnalysis> AnalyseAsync(CancellationToken cancellationToken) => WithinTimeLimit(
        token => IsLocal
            ? FFProbe.AnalyseAsync(LocalPath, null, token, _openArguments)
            : FFProbe.AnalyseAsync(_uri, null, token, _openArguments),
        cancellationToken);

    /// <summary>Begins an ffmpeg command that reads the video.</summary>
    /// <param name="inputArguments">Further options of the input, for example a seek.</param>
    /// <returns>The command.</returns>
    public FFMpegArguments Open(string inputArguments)
    {
        // max_pixels holds for the decoder: a stream may change its size after the probe.
        string arguments = $"-hide_banner -nostats {_openArguments} -max_pixels {_options.MaxPixels} -threads 1 {inputArguments}";
        return IsLocal
            ? FFMpegArguments.FromFileInput(LocalPath, verifyExists: false, input => input.WithCustomArgument(arguments))
            : FFMpegArguments.FromUrlInput(_uri, input => input.WithCustomArgument(arguments));
    }

    /// <summary>Runs an ffmpeg command to its end.</summary>
    /// <param name="command">Begun with <see cref="Open"/>.</param>
    /// <param name="logLevel">How much it says.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FFMpegException">It failed.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public Task RunAsync(FFMpegArgumentProcessor command, FFMpegLogLevel logLevel, CancellationToken cancellationToken) => WithinTimeLimit(
        token => command.WithLogLevel(logLevel).CancellableThrough(token).ProcessAsynchronously(),
        cancellationToken);

    /// <summary>
    /// What ffmpeg said, in one line, without addresses (they may carry a signature) and without memory addresses.
    /// </summary>
    /// <param name="exception">What ffmpeg or ffprobe ended with.</param>
    /// <returns>A text for a person.</returns>
    public string Describe(FFMpegException exception)
    {
        string output = exception.FFMpegErrorOutput.Replace(IsLocal ? LocalPath : _uri.AbsoluteUri, "the upload", StringComparison.Ordinal);
        IEnumerable<string> lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.StartsWith('[') && line.IndexOf(']') is > 0 and var end ? line[(end + 1)..].Trim() : line);
        string text = string.Join("; ", lines.Distinct().TakeLast(3));
        return text.Length <= 300 ? text : text[..300];
    }

    /// <summary>Whether a failure may be the network's, so that a later attempt may succeed.</summary>
    /// <param name="exception">What ffmpeg or ffprobe ended with.</param>
    /// <returns>Whether to try again.</returns>
    public bool IsTransient(FFMpegException exception) => exception.Type != FFMpegExceptionType.Process || (!IsLocal
        && _networkFailures.Any(text => exception.FFMpegErrorOutput.Contains(text, StringComparison.OrdinalIgnoreCase)));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_link is not null)
        {
            File.Delete(_link);
        }
    }

    private static readonly string[] _networkFailures =
        ["HTTP error", "Server returned", "Connection", "Network", "timed out", "Input/output error", "resolve hostname", "TLS"];

    private async Task<T> WithinTimeLimit<T>(Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.FfmpegTimeout);
        using CloudPipeMeter.Measurement measurement = CloudPipeMeter.MeasureWork(CloudPipeMeter.FFmpeg);
        try
        {
            return await run(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"ffmpeg did not finish with this video within {_options.FfmpegTimeout.TotalSeconds:0} s.", exception);
        }
    }
}
