using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CloudPipe.Telemetry;

/// <summary>Where the time goes: counters that any .NET metrics listener or exporter can read.</summary>
public static class CloudPipeMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "CloudPipe";

    private static readonly Meter _meter = new(Name);

    private static readonly Counter<double> _stepSeconds = _meter.CreateCounter<double>(
        "cloudpipe.step.duration", "s", "Wall time spent in handlers, tagged with the step: its message's type, or IngestStep.");

    private static readonly Counter<double> _workSeconds = _meter.CreateCounter<double>(
        "cloudpipe.work.duration", "s", "Wall time that handlers spent waiting for ffmpeg or running networks, tagged with the kind.");

    /// <summary>The kind of work done by ffmpeg and ffprobe.</summary>
    public const string FFmpeg = "ffmpeg";

    /// <summary>The kind of work done by networks.</summary>
    public const string Network = "network";

    /// <summary>Counts the time until disposal as time in a step's handler.</summary>
    /// <param name="step">The step's name, for example <c>CutMessage</c>: what it handles.</param>
    /// <returns>What ends the measurement.</returns>
    public static Measurement MeasureStep(string step) => new(_stepSeconds, "step", step);

    /// <summary>Counts the time until disposal as work that no pipeline could avoid.</summary>
    /// <param name="kind"><see cref="FFmpeg"/> or <see cref="Network"/>.</param>
    /// <returns>What ends the measurement.</returns>
    public static Measurement MeasureWork(string kind) => new(_workSeconds, "kind", kind);

    /// <summary>A running measurement; disposing it adds the elapsed time.</summary>
    public readonly struct Measurement : IDisposable
    {
        private readonly Counter<double> _counter;
        private readonly KeyValuePair<string, object?> _tag;
        private readonly long _started;

        internal Measurement(Counter<double> counter, string key, string value)
        {
            _counter = counter;
            _tag = new KeyValuePair<string, object?>(key, value);
            _started = Stopwatch.GetTimestamp();
        }

        /// <inheritdoc/>
        public void Dispose() => _counter.Add(Stopwatch.GetElapsedTime(_started).TotalSeconds, _tag);
    }
}
