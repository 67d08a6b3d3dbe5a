using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Webhooks;

namespace CloudPipe.Telemetry;

/// <summary>Where the time goes, and what came of the work: instruments that any .NET metrics listener or exporter can read.</summary>
public static class CloudPipeMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "CloudPipe";

    private static readonly Meter _meter = new(Name);

    private static readonly Counter<double> _stepSeconds = _meter.CreateCounter<double>(
        "cloudpipe.step.duration", "s", "Wall time spent in handlers, tagged with the step: its message's type, or IngestStep.");

    private static readonly Counter<double> _workSeconds = _meter.CreateCounter<double>(
        "cloudpipe.work.duration", "s", "Wall time that handlers spent waiting for ffmpeg or running networks, tagged with the kind.");

    // From a few seconds, a clip on an idle machine, to the days that a dead letter may wait.
    private static readonly InstrumentAdvice<double> _ages = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21_600, 86_400, 604_800] };

    private static readonly Counter<long> _inspections = _meter.CreateCounter<long>(
        "cloudpipe.inspections", "{inspection}", "Results written, by status.");

    private static readonly Histogram<double> _inspectionSeconds = _meter.CreateHistogram(
        "cloudpipe.inspection.duration", "s", "From the upload to the result, by status.", advice: _ages);

    private static readonly Counter<long> _runs = _meter.CreateCounter<long>(
        "cloudpipe.runs", "{run}", "Results of training runs written, by status.");

    private static readonly Counter<long> _deadLetters = _meter.CreateCounter<long>(
        "cloudpipe.dead_letters", "{message}", "Messages that a consumer gave up, by queue.");

    private static readonly Counter<long> _deliveryAttempts = _meter.CreateCounter<long>(
        "cloudpipe.delivery.attempts", "{attempt}", "Calls of webhooks, by outcome.");

    private static readonly Gauge<long> _queueMessages = _meter.CreateGauge<long>(
        "cloudpipe.queue.messages", "{message}", "Messages of a queue: those that are not done, and those that were set aside.");

    private static readonly Gauge<double> _queueAge = _meter.CreateGauge<double>(
        "cloudpipe.queue.oldest_message.age", "s", "How long the message has waited that has waited longest, 0 when none does.");

    /// <summary>Whether somebody wants to know how full the queues are: finding out costs calls of the transport.</summary>
    public static bool WantsQueues => _queueMessages.Enabled || _queueAge.Enabled;

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

    /// <summary>Counts a result of an inspection; call it for one that was written, not for a repeat.</summary>
    /// <param name="result">The result.</param>
    public static void CountInspection(InspectionResult result)
    {
        var status = new KeyValuePair<string, object?>(TraceAttributes.InspectionStatus, NameOf(result.Status));
        _inspections.Add(1, status);
        _inspectionSeconds.Record(result.SecondsFromUpload, status);
    }

    /// <summary>Counts a result of a training run; call it for one that was written, not for a repeat.</summary>
    /// <param name="result">The result.</param>
    public static void CountRun(RunResult result) => _runs.Add(1, new KeyValuePair<string, object?>(TraceAttributes.RunStatus, NameOf(result.Status)));

    /// <summary>Counts a message that is given up.</summary>
    /// <param name="queue">Its queue.</param>
    public static void CountDeadLetter(string queue) => _deadLetters.Add(1, new KeyValuePair<string, object?>(TraceAttributes.Queue, queue));

    /// <summary>Counts a call of a webhook.</summary>
    /// <param name="outcome">How it ended.</param>
    public static void CountDeliveryAttempt(DeliveryOutcome outcome) =>
        _deliveryAttempts.Add(1, new KeyValuePair<string, object?>(TraceAttributes.DeliveryOutcome, NameOf(outcome)));

    /// <summary>Tells how full a queue is.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="figures">Its figures.</param>
    /// <param name="oldest">How long the message has waited that has waited longest; zero when none does.</param>
    public static void ShowQueue(string queue, QueueStatistics figures, TimeSpan oldest)
    {
        var name = new KeyValuePair<string, object?>(TraceAttributes.Queue, queue);
        _queueMessages.Record(figures.Pending, name, new(TraceAttributes.MessageState, "pending"));
        _queueMessages.Record(figures.DeadLetters, name, new(TraceAttributes.MessageState, "dead"));
        _queueAge.Record(oldest.TotalSeconds, name);
    }

    /// <summary>Writes a value as it stands in messages and results.</summary>
    /// <typeparam name="T">Its enumeration.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>Its name in camel case.</returns>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

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
