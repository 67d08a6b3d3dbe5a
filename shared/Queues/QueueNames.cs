using CloudPipe.Messages;

namespace CloudPipe.Queues;

/// <summary>The queues of CloudPipe; a message names the step that handles it.</summary>
public static class QueueNames
{
    /// <summary>One shard to cut: <see cref="CutMessage"/>.</summary>
    public const string Cut = "cut";

    /// <summary>One shard to score with one group of members: <see cref="ScoreMessage"/>.</summary>
    public const string Score = "score";

    /// <summary>One prediction has been written: <see cref="ReduceMessage"/>.</summary>
    public const string Reduce = "reduce";

    /// <summary>One fold to train, or to go on with: <see cref="TrainMessage"/>.</summary>
    public const string Train = "train";

    /// <summary>One fold of a training run has an outcome: <see cref="ReduceRunMessage"/>.</summary>
    public const string ReduceRun = "reduce-run";

    /// <summary>One event to deliver to one endpoint: <see cref="DeliverMessage"/>.</summary>
    public const string Deliver = "deliver";

    /// <summary>Finished inspections and runs as CloudEvents: read by the user's own software.</summary>
    public const string Events = "events";

    private static readonly Dictionary<Type, string> _byMessage = new()
    {
        [typeof(CutMessage)] = Cut,
        [typeof(ScoreMessage)] = Score,
        [typeof(ReduceMessage)] = Reduce,
        [typeof(TrainMessage)] = Train,
        [typeof(ReduceRunMessage)] = ReduceRun,
        [typeof(DeliverMessage)] = Deliver,
    };

    /// <summary>Every queue, for set-up and for the deployment's own check.</summary>
    public static IReadOnlyList<string> All { get; } = [Cut, Score, Reduce, Train, ReduceRun, Deliver, Events];

    /// <summary>The queue that carries a message.</summary>
    /// <typeparam name="T">The message's type.</typeparam>
    /// <returns>The queue's name.</returns>
    /// <exception cref="KeyNotFoundException">No queue of CloudPipe carries it.</exception>
    public static string Of<T>()
        where T : Message => _byMessage[typeof(T)];
}
