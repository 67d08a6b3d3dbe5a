using CloudPipe.Inspections;
using CloudPipe.Messages;

namespace CloudPipe.Telemetry;

/// <summary>What a span is about.</summary>
/// <param name="Id">The inspection or training run that the span's trace belongs to; <see langword="null"/> when it is about none.</param>
/// <param name="Attributes">What the span says of it.</param>
public sealed record TraceSubject(string? Id, IReadOnlyList<KeyValuePair<string, object?>> Attributes)
{
    /// <summary>An inspection.</summary>
    /// <param name="inspectionId">Its id.</param>
    /// <returns>The subject.</returns>
    public static TraceSubject OfInspection(string inspectionId) => new(IdOrNull(inspectionId), [new(TraceAttributes.InspectionId, inspectionId)]);

    /// <summary>A training run.</summary>
    /// <param name="runId">Its id.</param>
    /// <returns>The subject.</returns>
    public static TraceSubject OfRun(string runId) => new(IdOrNull(runId), [new(TraceAttributes.RunId, runId)]);

    /// <summary>An event: its id is that of the inspection or run, a full stop, and the status.</summary>
    /// <param name="eventId">The event's id.</param>
    /// <returns>The subject.</returns>
    public static TraceSubject OfEvent(string eventId) =>
        new(IdOrNull(eventId[..Math.Max(0, eventId.LastIndexOf('.'))]), [new(TraceAttributes.EventId, eventId)]);

    /// <summary>What a message is about.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The subject.</returns>
    public static TraceSubject Of(Message message) => message switch
    {
        CutMessage cut => OfInspection(cut.InspectionId).With(TraceAttributes.Shard, cut.ShardIndex),
        ScoreMessage score => OfInspection(score.InspectionId).With(TraceAttributes.Shard, score.ShardIndex).With(TraceAttributes.Group, score.GroupIndex),
        ReduceMessage reduce => OfInspection(reduce.InspectionId).With(TraceAttributes.Shard, reduce.ShardIndex).With(TraceAttributes.Group, reduce.GroupIndex),
        TrainMessage train => OfRun(train.RunId).With(TraceAttributes.Architecture, train.Architecture).With(TraceAttributes.Fold, train.Fold).With(TraceAttributes.Slice, train.Slice),
        ReduceRunMessage reduce => OfRun(reduce.RunId).With(TraceAttributes.Architecture, reduce.Architecture).With(TraceAttributes.Fold, reduce.Fold),
        DeliverMessage deliver => OfEvent(deliver.EventId).With(TraceAttributes.EndpointId, deliver.EndpointId).With(TraceAttributes.Attempt, deliver.Attempt),
        _ => new TraceSubject(null, []),
    };

    private TraceSubject With(string name, object? value) => this with { Attributes = [.. Attributes, new(name, value)] };

    // A message from outside may hold anything; only an id can name a trace.
    private static string? IdOrNull(string text) => InspectionId.IsWellFormed(text) ? text : null;
}
