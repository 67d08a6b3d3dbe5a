using System.Collections.Concurrent;
using System.Diagnostics;

namespace CloudPipe.Tests.Support;

/// <summary>Listens to CloudPipe's spans until disposed.</summary>
internal sealed class RecordedSpans : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    /// <summary>Starts listening.</summary>
    /// <param name="traces">The traces that spans are made for, so that tests that run beside this one stay without; none for all.</param>
    public RecordedSpans(params ActivityTraceId[] traces)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "CloudPipe",
            Sample = (ref options) => traces.Length == 0 || traces.Contains(options.TraceId) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans that have ended, first to last by their start.</summary>
    public IReadOnlyList<Activity> Ended => [.. _ended.OrderBy(span => span.StartTimeUtc)];

    public void Dispose() => _listener.Dispose();
}
