using System.CommandLine;
using CloudPipe.Local.Hosting;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe functions</c>: finds uploads, cuts, reduces and delivers; workers beside it score and train.</summary>
internal static class FunctionsCommand
{
    public static Command Create(CommandOutput output)
    {
        var command = new Command("functions", "Finds uploads in a bucket, cuts them and reduces their scores, for any number of 'cloudpipe worker' beside it.");
        command.SetAction((parsed, cancellationToken) => RoleProcess.RunAsync(CommandSettings.From(parsed), HostRoles.Functions, null, output, cancellationToken));
        return command;
    }
}
