using System.Diagnostics;
using System.Globalization;
using CloudPipe.Queues;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Queues;

/// <summary>Lets two processes drain one queue and checks what they held when.</summary>
internal static class TwoProcesses
{
    public static async Task DrainAsync(string transport, string connection, int messages, int consumers)
    {
        IMessageQueue queue = QueueDrain.Open(transport, connection);
        await queue.CreateQueuesAsync([QueueDrain.Queue]);
        await Parallel.ForEachAsync(Enumerable.Range(0, messages), async (number, _) =>
            await queue.SendAsync(QueueDrain.Queue, new OutgoingMessage($"{number}", $"{{\"number\":{number}}}")));

        using var folder = new TemporaryFolder();
        string[] logs = [folder.File("first"), folder.File("second")];
        await Task.WhenAll(logs.Select(log => RunAsync(transport, connection, consumers, log)));

        Delivery[][] deliveries = [.. logs.Select(Read)];
        Assert.All(deliveries, process => Assert.NotEmpty(process));
        Delivery[][] byMessage = [.. deliveries.SelectMany(process => process).GroupBy(delivery => delivery.Id).Select(group => group.OrderBy(delivery => delivery.Start).ToArray())];
        Assert.Equal(messages, byMessage.Length);
        Assert.All(byMessage, held => Assert.All(held.Zip(held.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start)));
        // Nobody died and no lock expired, so nothing had to be handled twice.
        Assert.All(byMessage, held => Assert.Single(held));
        Assert.Equal(new QueueStatistics(0, 0), await queue.GetStatisticsAsync(QueueDrain.Queue));
        (queue as IDisposable)?.Dispose();
    }

    private static async Task RunAsync(string transport, string connection, int consumers, string log)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(TwoProcesses).Assembly.Location, transport, connection, $"{consumers}", log])
        {
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        Assert.True(process.ExitCode == 0, await errors);
    }

    private static Delivery[] Read(string log) =>
        [.. File.ReadLines(log).Select(line => line.Split(' ')).Select(fields => new Delivery(fields[0], Number(fields[1]), Number(fields[2])))];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    // Stopwatch reads the machine's monotonic clock, so that the times of two processes compare.
    private sealed record Delivery(string Id, long Start, long End);
}
