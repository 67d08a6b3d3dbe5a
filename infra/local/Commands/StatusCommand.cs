using System.CommandLine;
using CloudPipe.Local.Progress;
using CloudPipe.Progress;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe status</c>: how far inspections and training runs are.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandOutput output)
    {
        var id = new Argument<string?>("INSPECTION") { Description = "An inspection's id or its upload's name (default: all).", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Writes a JSON array of the inspections." };
        var command = new Command("status", "Shows how far inspections and training runs are.") { id, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using BucketSession session = await BucketSession.OpenAsync(CommandSettings.From(parsed), mustExist: true, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<InspectionProgress> found = parsed.GetValue(id) is { } wanted
                ? await session.FindAsync(wanted, cancellationToken).ConfigureAwait(false)
                : await session.Progress.ReadAllAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                output.WriteJson(found);
            }
            else
            {
                new ProgressDisplay(session.Progress, output).Write(found);
                if (parsed.GetValue(id) is null)
                {
                    RunsCommand.Write(output, await new RunProgressReader(session.Store).ReadAllAsync(cancellationToken).ConfigureAwait(false));
                }
            }

            return ExitCode.Success;
        });
        return command;
    }
}
