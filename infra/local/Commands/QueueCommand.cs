using System.CommandLine;
using System.Globalization;
using CloudPipe.Queues;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe queue</c>: what waits, what was set aside and why, and how to try again.</summary>
internal static class QueueCommand
{
    public static Command Create(CommandOutput output) =>
        new("queue", "Shows queues and dead letters, and requeues them.") { CreateList(output), CreateRequeue(output) };

    private static Command CreateList(CommandOutput output)
    {
        Argument<string?> name = QueueArgument();
        var json = new Option<bool>("--json") { Description = "Writes a JSON object with the queues and their dead letters." };
        var command = new Command("list", "Shows how full the queues are, and the dead letters with their reasons.") { name, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using BucketSession session = await BucketSession.OpenAsync(CommandSettings.From(parsed), mustExist: true, cancellationToken).ConfigureAwait(false);
            var statistics = new Dictionary<string, QueueStatistics>();
            var dead = new List<DeadLetter>();
            foreach (string queue in Chosen(parsed.GetValue(name)))
            {
                statistics[queue] = await session.Queue.GetStatisticsAsync(queue, cancellationToken).ConfigureAwait(false);
                dead.AddRange(await session.Queue.ListDeadLettersAsync(queue, cancellationToken: cancellationToken).ConfigureAwait(false));
            }

            if (parsed.GetValue(json))
            {
                output.WriteJson(new { Queues = statistics, DeadLetters = dead });
                return ExitCode.Success;
            }

            output.WriteTable(
                ["queue", "pending", "dead letters"],
                [.. statistics.Select(pair => (IReadOnlyList<string>)[pair.Key, Format(pair.Value.Pending), Format(pair.Value.DeadLetters)])]);
            if (dead.Count > 0)
            {
                output.WriteTable(
                    ["queue", "message", "deliveries", "set aside", "reason"],
                    [.. dead.Select(letter => (IReadOnlyList<string>)
                        [letter.Queue, letter.Id, Format(letter.DeliveryCount), letter.DeadLetteredAt.ToString("u", CultureInfo.InvariantCulture), letter.Reason])]);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command CreateRequeue(CommandOutput output)
    {
        Argument<string?> name = QueueArgument();
        var id = new Option<string?>("--id") { Description = "One message's id (default: all dead letters).", HelpName = "ID" };
        var command = new Command("requeue", "Sends dead letters again.") { name, id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using BucketSession session = await BucketSession.OpenAsync(CommandSettings.From(parsed), mustExist: true, cancellationToken).ConfigureAwait(false);
            int requeued = 0;
            foreach (string queue in Chosen(parsed.GetValue(name)))
            {
                requeued += await session.Queue.RequeueAsync(queue, parsed.GetValue(id), cancellationToken).ConfigureAwait(false);
            }

            if (requeued == 0 && parsed.GetValue(id) is { } missing)
            {
                throw new CommandFailedException(ExitCode.NotFound, $"There is no dead letter '{missing}'; 'cloudpipe queue list' shows them.");
            }

            await output.Out.WriteLineAsync($"{Format(requeued)} requeued").ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static Argument<string?> QueueArgument()
    {
        var argument = new Argument<string?>("QUEUE") { Description = $"One of {string.Join(", ", BucketSession.Queues)} (default: all).", Arity = ArgumentArity.ZeroOrOne };
        argument.AcceptOnlyFromAmong([.. BucketSession.Queues]);
        return argument;
    }

    private static IReadOnlyList<string> Chosen(string? name) => name is null ? BucketSession.Queues : [name];

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);
}
