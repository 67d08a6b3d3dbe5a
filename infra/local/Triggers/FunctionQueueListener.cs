using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using CloudPipe.Configuration;
using CloudPipe.Inspections;
using CloudPipe.Local.Hosting;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Triggers;

/// <summary>Calls the functions that have a queue trigger for the messages of their queues, and those that have a blob trigger for uploads.</summary>
/// <param name="functions">Every function.</param>
/// <param name="services">Make the functions' classes.</param>
/// <param name="queue">The queues.</param>
/// <param name="runner">Records what is given up.</param>
/// <param name="queueOptions">How queues treat their messages.</param>
/// <param name="transport">Which queues they are.</param>
/// <param name="options">How many messages at once.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Hears of retries and dead letters.</param>
internal sealed class FunctionQueueListener(
    IReadOnlyList<BoundFunction> functions,
    IServiceProvider services,
    IMessageQueue queue,
    StepRunner runner,
    QueueOptions queueOptions,
    QueueTransportOptions transport,
    FunctionsOptions options,
    TimeProvider timeProvider,
    ILogger<MessageConsumer> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Asking a file costs nothing; asking an account costs money.
        TimeSpan idle = transport.Kind == QueueKind.Sqlite ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(2);
        var consumerOptions = new MessageConsumerOptions { Concurrency = options.Concurrency, LongestIdle = idle };
        return Task.WhenAll(Listen(consumerOptions).Select(consumer => consumer.RunAsync(stoppingToken)));
    }

    private IEnumerable<MessageConsumer> Listen(MessageConsumerOptions consumerOptions)
    {
        foreach (BoundFunction function in functions)
        {
            if (function.Trigger is ServiceBusTriggerAttribute { QueueName: { } name })
            {
                yield return Consume(name, (message, stop) => CallAsync(function, message, stop));
            }
        }

        (BoundFunction Function, BlobPathPattern Pattern)[] forUploads =
        [
            .. from function in functions
               let trigger = function.Trigger as BlobTriggerAttribute
               where trigger is not null
               select (function, BlobPathPattern.Parse(trigger.BlobPath)),
        ];
        yield return Consume(UploadMessage.Queue, (message, stop) => CallForUploadAsync(forUploads, message, stop));

        MessageConsumer Consume(string name, Func<ReceivedMessage, CancellationToken, Task> handle) =>
            new(queue, name, queueOptions, consumerOptions, timeProvider, logger, handle, RecordFailureAsync);
    }

    private async Task CallAsync(BoundFunction function, ReceivedMessage received, CancellationToken cancellationToken)
    {
        var actions = new QueueMessageActions(timeProvider);
        ServiceBusReceivedMessage message = ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: BinaryData.FromString(received.Body), messageId: received.Id, deliveryCount: received.DeliveryCount, enqueuedTime: received.EnqueuedAt);
        await InvokeAsync(function, new Dictionary<string, object> { ["message"] = message, ["actions"] = actions }, cancellationToken).ConfigureAwait(false);
        if (actions.Settlement is not (null or Settlement.Complete))
        {
            throw new SettlementException(actions.Settlement);
        }
    }

    private async Task CallForUploadAsync((BoundFunction Function, BlobPathPattern Pattern)[] forUploads, ReceivedMessage received, CancellationToken cancellationToken)
    {
        UploadMessage upload = MessageSerializer.Deserialize<UploadMessage>(received.Body);
        foreach ((BoundFunction function, BlobPathPattern pattern) in forUploads)
        {
            if (pattern.Container != upload.Container || pattern.Match(upload.BlobName) is not { } words)
            {
                continue;
            }

            var values = new Dictionary<string, object>
            {
                // A reference by name: the function reads the blob through the store, wherever that is.
                ["blob"] = new BlobClient(new Uri($"https://bucket.invalid/{pattern.Container}/{Uri.EscapeDataString(upload.BlobName)}")),
            };
            foreach ((string word, string text) in words)
            {
                values[word] = text;
            }

            await InvokeAsync(function, values, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task InvokeAsync(BoundFunction function, IReadOnlyDictionary<string, object> values, CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        await function.InvokeAsync(scope.ServiceProvider, values, cancellationToken).ConfigureAwait(false);
    }

    private Task RecordFailureAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken)
    {
        if (message.Queue != UploadMessage.Queue)
        {
            return runner.RecordFailureAsync(message.Body, reason, cancellationToken);
        }

        UploadMessage upload = MessageSerializer.Deserialize<UploadMessage>(message.Body);
        return runner.RecordUploadFailureAsync(upload.Container, upload.BlobName, reason, cancellationToken);
    }
}
