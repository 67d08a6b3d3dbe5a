using System.CommandLine;
using CloudPipe.Configuration;
using CloudPipe.Inspections;
using CloudPipe.Local.Hosting;
using CloudPipe.Local.Progress;
using CloudPipe.Local.Triggers;
using CloudPipe.Progress;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe up</c>: watches a bucket, scores the videos and trains the requests that are dropped into it.</summary>
internal static class UpCommand
{
    private static readonly string[] _workQueues = [UploadMessage.Queue, QueueNames.Cut, QueueNames.Score, QueueNames.Reduce, QueueNames.Train, QueueNames.ReduceRun];

    // Looking costs a listing of the bucket.
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(500);

    public static Command Create(CommandOutput output)
    {
        var once = new Option<bool>("--once") { Description = "Ends when every video and training request has its result, instead of waiting for more." };
        var command = new Command("up", "Watches a bucket and scores every video dropped into its 'inspections' folder, and trains every request dropped into 'training'.") { once };
        command.SetAction((parsed, cancellationToken) => RunAsync(CommandSettings.From(parsed), parsed.GetValue(once), output, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandSettings settings, bool once, CommandOutput output, CancellationToken cancellationToken)
    {
        // A live table leaves no room for log lines; warnings matter more than the table's looks.
        bool showsTable = output.IsInteractive && !settings.Verbose && !settings.JsonLogs;
        using IHost host = LocalServices.Build(settings, showsTable ? LogLevel.Warning : LogLevel.Information);
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        StorageOptions storage = host.Services.GetRequiredService<StorageOptions>();
        string bucket = storage.Kind == StorageKind.Folder ? Path.GetFullPath(Path.Combine(storage.Folder, BlobContainers.Inspections)) : "the container 'inspections'";
        await output.Out.WriteLineAsync($"Serving. Drop videos into {bucket}{(once ? "." : "; Ctrl-C stops.")}").ConfigureAwait(false);

        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        IReadOnlyList<InspectionProgress> last = [];
        if (once || showsTable)
        {
            var display = new ProgressDisplay(host.Services.GetRequiredService<ProgressReader>(), output);
            var queue = host.Services.GetRequiredService<IMessageQueue>();
            var runs = new RunProgressReader(host.Services.GetRequiredService<IBlobStore>());
            do
            {
                await Task.Delay(_betweenLooks, CancellationToken.None).ConfigureAwait(false);
                last = await display.RunAsync(_ => true, all => once && all.All(progress => progress.IsFinished), stopped.Token).ConfigureAwait(false);
            }
            while (!stopped.IsCancellationRequested
                && (await queue.HasPendingAsync(_workQueues, stopped.Token).ConfigureAwait(false) || (await runs.ReadAllAsync(stopped.Token).ConfigureAwait(false)).Any(run => run.Result is null)));
        }
        else
        {
            await RoleProcess.WaitAsync(host, cancellationToken).ConfigureAwait(false);
        }

        bool failed = RoleProcess.Failed(host);
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return failed
            ? ExitCode.Failure
            : once && last.Any(progress => progress.Result?.Status is InspectionStatus.Rejected or InspectionStatus.Failed)
                ? ExitCode.SomeInspectionsFailed
                : ExitCode.Success;
    }
}
