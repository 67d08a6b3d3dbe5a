namespace CloudPipe.Local.Commands;

/// <summary>What <c>cloudpipe</c> tells the shell.</summary>
public static class ExitCode
{
    /// <summary>It did what was asked.</summary>
    public const int Success = 0;

    /// <summary>It failed; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>It did what was asked, and some inspections were rejected or failed.</summary>
    public const int SomeInspectionsFailed = 3;

    /// <summary>What was asked for is not there.</summary>
    public const int NotFound = 4;

    /// <summary>The time that <c>--timeout</c> allows was not enough.</summary>
    public const int TimedOut = 5;
}
