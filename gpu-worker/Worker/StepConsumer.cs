using CloudPipe.Queues;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>What handles the messages of one of the worker's queues.</summary>
/// <param name="QueueName">The queue.</param>
/// <param name="Consumer">Takes the messages and runs the step.</param>
internal sealed record StepConsumer(string QueueName, MessageConsumer Consumer);
