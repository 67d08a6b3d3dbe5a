using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Inspections;
using CloudPipe.Queues;
using CloudPipe.Telemetry;

namespace CloudPipe.Functions.Tests.Telemetry;

[Collection(TelemetryCollection.Name)]
public sealed class CloudPipeMeterTests : IDisposable
{
    private readonly Bucket _bucket = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> _measured = new();

    public CloudPipeMeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == CloudPipeMeter.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _bucket.Dispose();
    }

    [Fact]
    public async Task A_result_counts_once_however_often_it_is_asked_for()
    {
        InspectionPlan plan = await _bucket.PlanAsync();
        _bucket.Time.Now += TimeSpan.FromSeconds(90);
        ResultWriter results = _bucket.Get<ResultWriter>();
        var reason = new InspectionReason(ReasonCode.Undecodable, "No frame can be decoded.");
        await results.RejectAsync(plan.InspectionId, reason);
        await results.RejectAsync(plan.InspectionId, reason);

        Assert.Equal([(1, "cloudpipe.inspection.status=rejected")], Measured("cloudpipe.inspections"));
        Assert.Equal([(90, "cloudpipe.inspection.status=rejected")], Measured("cloudpipe.inspection.duration"));
    }

    [Fact]
    public async Task The_gauges_tell_how_full_the_queues_are_and_how_old_their_backlog_is()
    {
        await _bucket.Queue.SendAsync(QueueNames.Score, new OutgoingMessage("dead", "x"));
        await _bucket.Queue.DeadLetterAsync(Assert.Single(await _bucket.Queue.ReceiveAsync(QueueNames.Score, 1, TimeSpan.FromMinutes(1))), "why");
        await _bucket.Queue.SendAsync(QueueNames.Score, new OutgoingMessage("first", "x"));
        _bucket.Time.Now += TimeSpan.FromMinutes(7);
        await _bucket.Queue.SendAsync(QueueNames.Score, new OutgoingMessage("second", "x"));

        await _bucket.Get<QueueGauges>().MeasureAsync(default);

        Assert.Contains((2, "messaging.destination.name=score cloudpipe.message.state=pending"), Measured("cloudpipe.queue.messages"));
        Assert.Contains((1, "messaging.destination.name=score cloudpipe.message.state=dead"), Measured("cloudpipe.queue.messages"));
        Assert.Contains((420, "messaging.destination.name=score"), Measured("cloudpipe.queue.oldest_message.age"));
        Assert.Contains((0, "messaging.destination.name=cut"), Measured("cloudpipe.queue.oldest_message.age"));
    }

    private IEnumerable<(double Value, string Tags)> Measured(string instrument) =>
        _measured.Where(entry => entry.Instrument == instrument).Select(entry => (entry.Value, entry.Tags));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
