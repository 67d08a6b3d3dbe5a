using System.Text.Json;
using FFMpegCore.Exceptions;

namespace FFMpegCore;

public static class FFProbe
{
    public static Task<IMediaAnalysis> AnalyseAsync(string filePath, FFOptions? ffOptions = null, CancellationToken cancellationToken = default, string? customArguments = null) =>
        File.Exists(filePath)
            ? RunAsync(filePath, ffOptions ?? GlobalFFOptions.Current, customArguments, cancellationToken)
            : throw new FFMpegException(FFMpegExceptionType.File, $"No file found at '{filePath}'");

    public static Task<IMediaAnalysis> AnalyseAsync(Uri uri, FFOptions? ffOptions = null, CancellationToken cancellationToken = default, string? customArguments = null) =>
        RunAsync(uri.AbsoluteUri, ffOptions ?? GlobalFFOptions.Current, customArguments, cancellationToken);

    private static async Task<IMediaAnalysis> RunAsync(string input, FFOptions options, string? customArguments, CancellationToken cancellationToken)
    {
        string arguments = $"-loglevel error -print_format json -show_format -sexagesimal -show_streams -show_chapters \"{input}\" {customArguments}";
        using FFProcess process = FFProcess.Start(GlobalFFOptions.GetFFProbeBinaryPath(options), arguments, options);
        FFProcessResult result = await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (result.ExitCode != 0)
        {
            string errors = string.Join('\n', result.ErrorData);
            throw new FFMpegException(FFMpegExceptionType.Process, $"ffprobe exited with non-zero exit-code ({result.ExitCode} - {errors})", null, errors);
        }

        using JsonDocument document = JsonDocument.Parse(string.Concat(result.OutputData));
        if (!document.RootElement.TryGetProperty("format", out _))
            throw new FormatNullException();
        return new MediaAnalysis(document.RootElement, result.ErrorData);
    }
}
