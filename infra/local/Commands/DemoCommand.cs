using System.CommandLine;
using CloudPipe.Local.Demo;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe demo</c>: everything at once, on a folder of videos.</summary>
internal static class DemoCommand
{
    public static Command Create(CommandOutput output)
    {
        var videos = new Option<DirectoryInfo>("--videos") { Description = "The folder of videos; its labels.json, if there, says what is truly in them.", HelpName = "PATH", Required = true };
        var timeout = new Option<double>("--timeout") { Description = "Gives up after this many seconds.", HelpName = "SECONDS", DefaultValueFactory = _ => 300 };
        videos.AcceptExistingOnly();
        var command = new Command("demo", "Serves a new bucket, drops videos into it, and shows results, webhook events and reports.") { videos, timeout };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CommandSettings settings = CommandSettings.From(parsed);
            string bucket = settings.Bucket is { } named ? Path.GetFullPath(named) : Directory.CreateTempSubdirectory("cloudpipe-demo-").FullName;
            var run = new DemoRun(settings, output, TimeProvider.System);
            bool succeeded = await run.RunAsync(
                parsed.GetRequiredValue(videos).FullName, bucket, TimeSpan.FromSeconds(parsed.GetValue(timeout)), cancellationToken).ConfigureAwait(false);
            return succeeded ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }
}
