namespace CloudPipe.Local.Commands;

/// <summary>Ends a command with an exit code and a sentence for the person who typed it.</summary>
/// <param name="exitCode">See <see cref="ExitCode"/>.</param>
/// <param name="message">What was wrong, and what to do.</param>
public sealed class CommandFailedException(int exitCode, string message) : Exception(message)
{
    /// <summary>See <see cref="Commands.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
