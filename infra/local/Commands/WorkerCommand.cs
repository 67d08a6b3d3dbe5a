using System.CommandLine;
using CloudPipe.GpuWorker.Worker;
using CloudPipe.Local.Hosting;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe worker</c>: scores and trains for a bucket whose functions run in another process.</summary>
internal static class WorkerCommand
{
    public static Command Create(CommandOutput output)
    {
        var drain = new Option<bool>("--drain") { Description = "Ends when the queues are empty, instead of waiting for more." };
        var time = new Option<TimeSpan?>("--for") { Description = "With --drain: takes no more messages after this time (hh:mm:ss); what is in hand is done to its end.", HelpName = "TIME" };
        var command = new Command("worker", "Scores and trains what 'cloudpipe functions' has prepared; any number of workers share the work.") { drain, time };
        command.Validators.Add(result =>
        {
            if (result.GetValue(time) is { } budget && (!result.GetValue(drain) || budget <= TimeSpan.Zero))
            {
                result.AddError("--for is a time above zero and goes with --drain: a worker that stays has no end.");
            }
        });
        command.SetAction((parsed, cancellationToken) => RoleProcess.RunAsync(
            CommandSettings.From(parsed), HostRoles.Worker, parsed.GetValue(drain) ? new DrainBudget(parsed.GetValue(time)) : null, output, cancellationToken));
        return command;
    }
}
