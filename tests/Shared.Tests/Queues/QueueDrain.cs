using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Queues;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudPipe.Shared.Tests.Queues;

/// <summary>What the second process does: it drains a queue and writes down when it held which message.</summary>
internal static class QueueDrain
{
    public const string Queue = "work";

    /// <summary>Arguments: transport, connection, consumers, log file.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        IMessageQueue queue = Open(arguments[0], arguments[1]);
        await DrainAsync(queue, int.Parse(arguments[2], CultureInfo.InvariantCulture), arguments[3]);
        return 0;
    }

    public static IMessageQueue Open(string transport, string connection) => transport switch
    {
        "sqlite" => new SqliteMessageQueue(connection, new QueueOptions()),
        "storage" => new AzureStorageMessageQueue(new QueueServiceClient(connection), AzureBlobStore.Connect(connection), new QueueOptions()),
        _ => throw new ArgumentException($"'{transport}' is no transport of this test.", nameof(transport)),
    };

    private static async Task DrainAsync(IMessageQueue queue, int consumers, string log)
    {
        var held = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        var consumer = new MessageConsumer(
            queue,
            Queue,
            new QueueOptions(),
            new MessageConsumerOptions { Concurrency = consumers, LongestIdle = TimeSpan.FromMilliseconds(50) },
            TimeProvider.System,
            NullLogger<MessageConsumer>.Instance,
            async (message, _) =>
            {
                long start = Stopwatch.GetTimestamp();
                await Task.Yield();
                held.Enqueue($"{message.Id} {start} {Stopwatch.GetTimestamp()}");
            },
            (_, reason, _) => throw new InvalidOperationException(reason));
        Task running = consumer.RunAsync(stop.Token);
        while ((await queue.GetStatisticsAsync(Queue)).Pending > 0)
        {
            await Task.Delay(50);
        }

        await stop.CancelAsync();
        await running;
        await File.WriteAllLinesAsync(log, held);
    }
}
