namespace FFMpegCore;

internal sealed record FFProcessResult(int ExitCode, IReadOnlyList<string> OutputData, IReadOnlyList<string> ErrorData);
