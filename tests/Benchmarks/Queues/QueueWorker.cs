using System.Globalization;
using CloudPipe.Queues;

namespace CloudPipe.Benchmarks.Queues;

/// <summary>One process of the queue benchmark: for every line of its input it opens the file, waits for the word, works.</summary>
internal static class QueueWorker
{
    private const string Name = "work";
    private static readonly string _body = new('x', 400);

    /// <summary>Lines: "workload In|Out process processes workers messages file", then "go"; the answer is how many messages were handled.</summary>
    public static async Task<int> RunAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ', 7);
            bool isIn = words[1] == "In";
            int[] numbers = [.. words[2..6].Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
            (int process, int processes, int workers, int messages) = (numbers[0], numbers[1], numbers[2], numbers[3]);
            (int From, int To)[] shares = [.. Enumerable.Range(process * workers, workers).Select(worker => Share(worker, processes * workers, messages))];
            int handled = Enum.Parse<Workload>(words[0]) == Workload.Bare ? await BareAsync(words[6], isIn, shares) : await QueueAsync(words[6], isIn, shares);
            Console.WriteLine(handled);
        }

        return 0;
    }

    private static (int From, int To) Share(int worker, int workers, int messages) =>
        ((int)((long)messages * worker / workers), (int)((long)messages * (worker + 1) / workers));

    private static async Task<int> BareAsync(string file, bool isIn, (int From, int To)[] shares)
    {
        BareConnection[] connections = [.. shares.Select(_ => new BareConnection(file))];
        await ReadyAsync();
        int[] handled = await Task.WhenAll(shares.Zip(connections, (share, connection) => OnThread(() => isIn ? connection.Insert(share, Id, _body) : connection.Delete(share))));
        foreach (BareConnection connection in connections)
        {
            connection.Dispose();
        }

        return handled.Sum();
    }

    private static async Task<int> QueueAsync(string file, bool isIn, (int From, int To)[] shares)
    {
        using var queue = new SqliteMessageQueue(file, new QueueOptions());
        await ReadyAsync();
        int[] handled = await Task.WhenAll(shares.Select(share => Task.Run(() => isIn ? SendAsync(queue, share) : DrainAsync(queue))));
        return handled.Sum();
    }

    private static async Task ReadyAsync()
    {
        Console.WriteLine("ready");
        await Console.In.ReadLineAsync();
    }

    private static Task<int> OnThread(Func<int> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static async Task<int> SendAsync(SqliteMessageQueue queue, (int From, int To) share)
    {
        for (int number = share.From; number < share.To; number++)
        {
            await queue.SendAsync(Name, new OutgoingMessage(Id(number), _body));
        }

        return share.To - share.From;
    }

    private static async Task<int> DrainAsync(SqliteMessageQueue queue)
    {
        int handled = 0;
        while (await queue.ReceiveAsync(Name, 1, TimeSpan.FromMinutes(5)) is [ReceivedMessage message])
        {
            handled += await queue.CompleteAsync(message) ? 1 : 0;
        }

        return handled;
    }

    private static string Id(int number) => $"score/{number:D8}";
}
