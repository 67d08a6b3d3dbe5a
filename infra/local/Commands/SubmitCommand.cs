using System.CommandLine;
using CloudPipe.Inspections;
using CloudPipe.Local.Progress;
using CloudPipe.Messages;
using CloudPipe.Progress;
using CloudPipe.Storage;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe submit</c>: copies videos into a bucket, whole or not at all.</summary>
internal static class SubmitCommand
{
    public static Command Create(CommandOutput output)
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "The videos.", Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { Description = "The upload's name in the bucket (default: the file's); for one file.", HelpName = "NAME" };
        var release = new Option<string?>("--release") { Description = "The release that scores (default: the configured one).", HelpName = "NAME" };
        var wait = new Option<bool>("--wait") { Description = "Waits for the results and shows progress." };
        var timeout = new Option<double>("--timeout") { Description = "With --wait: gives up waiting after this many seconds.", HelpName = "SECONDS", DefaultValueFactory = _ => 0 };
        var json = new Option<bool>("--json") { Description = "Writes a JSON array: the inspections, or with --wait the results." };
        var command = new Command("submit", "Copies videos into the bucket; a running 'cloudpipe up' scores them.") { files, name, release, wait, timeout, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            CommandSettings.From(parsed),
            parsed.GetRequiredValue(files),
            parsed.GetValue(name),
            parsed.GetValue(release),
            parsed.GetValue(wait) ? TimeSpan.FromSeconds(parsed.GetValue(timeout)) : null,
            parsed.GetValue(json),
            output,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandSettings settings, FileInfo[] files, string? name, string? release, TimeSpan? wait, bool json, CommandOutput output, CancellationToken cancellationToken)
    {
        if (name is not null && files.Length > 1)
        {
            throw new CommandFailedException(ExitCode.Usage, "--name names one upload; submit the files one by one, or leave it out.");
        }

        if (files.FirstOrDefault(file => !file.Exists) is { } missing)
        {
            throw new CommandFailedException(ExitCode.NotFound, $"There is no file '{missing}'.");
        }

        if (files.FirstOrDefault(file => !UploadFilter.IsVideo(name ?? file.Name)) is { } other)
        {
            throw new CommandFailedException(ExitCode.Usage, $"'{name ?? other.Name}' is no video by its name; it must end in {string.Join(", ", UploadFilter.Extensions)}.");
        }

        using BucketSession session = await BucketSession.OpenAsync(settings, mustExist: false, cancellationToken).ConfigureAwait(false);
        var submitted = new List<InspectionProgress>();
        foreach (FileInfo file in files)
        {
            submitted.Add(await SubmitAsync(session.Store, file, name ?? file.Name, release, cancellationToken).ConfigureAwait(false));
        }

        if (wait is null)
        {
            Write(submitted, json, output);
            return ExitCode.Success;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (wait > TimeSpan.Zero)
        {
            patience.CancelAfter(wait.Value);
        }

        HashSet<string> ids = [.. submitted.Select(progress => progress.InspectionId)];

        // Standard output is for the JSON then.
        var display = new ProgressDisplay(session.Progress, json ? new CommandOutput(output.Error, output.Error, isInteractive: false) : output);
        IReadOnlyList<InspectionProgress> last = await display.RunAsync(
            progress => ids.Contains(progress.InspectionId), all => all.Count(progress => progress.IsFinished) == ids.Count, patience.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (json)
        {
            output.WriteJson(last.Select(progress => progress.Result));
        }

        if (last.Count < ids.Count || !last.All(progress => progress.IsFinished))
        {
            throw new CommandFailedException(ExitCode.TimedOut, $"No result within {wait.Value.TotalSeconds} s. Is 'cloudpipe up' running on this bucket? The work goes on; 'cloudpipe status' shows it.");
        }

        return last.All(progress => progress.Result!.Status == InspectionStatus.Completed) ? ExitCode.Success : ExitCode.SomeInspectionsFailed;
    }

    private static async Task<InspectionProgress> SubmitAsync(IBlobStore store, FileInfo file, string name, string? release, CancellationToken cancellationToken)
    {
        // The sidecar first: it must be there when the video is found.
        if (release is not null)
        {
            var sidecar = new Dictionary<string, string> { ["release"] = release };
            await store.WriteJsonAsync(new BlobPath(BlobContainers.Inspections, Sidecar.NamesFor(name)[0]), sidecar, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        await using FileStream content = file.OpenRead();
        string etag = await store.WriteAsync(new BlobPath(BlobContainers.Inspections, name), content, cancellationToken: cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"The bucket did not take '{name}'.");
        return new InspectionProgress(InspectionId.Create(name, etag), name, InspectionStage.Waiting, 0, 0, 0, null);
    }

    private static void Write(IReadOnlyList<InspectionProgress> submitted, bool json, CommandOutput output)
    {
        if (json)
        {
            output.WriteJson(submitted);
            return;
        }

        foreach (InspectionProgress progress in submitted)
        {
            output.Out.WriteLine($"{progress.InspectionId}  {progress.BlobName}");
        }
    }
}
