using Microsoft.Extensions.Logging;

namespace CloudPipe.GpuWorker.Tests;

/// <summary>A log that keeps what it hears.</summary>
/// <param name="alsoTo">Takes each line too.</param>
internal sealed class LogLines(TextWriter? alsoTo = null) : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Add(formatter(state, exception));
        alsoTo?.WriteLine(Lines[^1]);
    }
}
