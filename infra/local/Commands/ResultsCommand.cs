using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CloudPipe.Configuration;
using CloudPipe.Inspections;
using CloudPipe.Local.Progress;
using CloudPipe.Progress;
using CloudPipe.Storage;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe results</c>: what was found.</summary>
internal static class ResultsCommand
{
    private static readonly TimeSpan _linkLifetime = TimeSpan.FromHours(1);

    public static Command Create(CommandOutput output)
    {
        var id = new Argument<string?>("INSPECTION") { Description = "An inspection's id or its upload's name (default: all that have ended).", Arity = ArgumentArity.ZeroOrOne };
        var open = new Option<bool>("--open") { Description = "Opens the report in the web browser." };
        var json = new Option<bool>("--json") { Description = "Writes the results as a JSON array." };
        var command = new Command("results", "Shows what was found.") { id, open, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using BucketSession session = await BucketSession.OpenAsync(CommandSettings.From(parsed), mustExist: true, cancellationToken).ConfigureAwait(false);
            string? wanted = parsed.GetValue(id);
            if (wanted is null && parsed.GetValue(open))
            {
                throw new CommandFailedException(ExitCode.Usage, "--open needs an inspection: cloudpipe results INSPECTION --open.");
            }

            IReadOnlyList<InspectionProgress> found = wanted is null
                ? [.. (await session.Progress.ReadAllAsync(cancellationToken).ConfigureAwait(false)).Where(progress => progress.IsFinished)]
                : await session.FindAsync(wanted, cancellationToken).ConfigureAwait(false);
            InspectionResult[] results = [.. found.Where(progress => progress.IsFinished).Select(progress => progress.Result!)];
            if (wanted is not null && results.Length == 0)
            {
                throw new CommandFailedException(ExitCode.NotFound, $"'{wanted}' has no result yet; 'cloudpipe status {wanted}' shows how far it is.");
            }

            if (parsed.GetValue(json))
            {
                output.WriteJson(results);
            }
            else if (wanted is null)
            {
                new ProgressDisplay(session.Progress, output).Write(found);
            }
            else
            {
                await WriteAsync(session, results, output, cancellationToken).ConfigureAwait(false);
            }

            if (parsed.GetValue(open))
            {
                Open(await ReportOfAsync(session, results[^1], cancellationToken).ConfigureAwait(false) ?? throw new CommandFailedException(ExitCode.NotFound, $"'{wanted}' has no report: it was not scored."));
            }

            return results.All(result => result.Status == InspectionStatus.Completed) ? ExitCode.Success : ExitCode.SomeInspectionsFailed;
        });
        return command;
    }

    private static async Task WriteAsync(BucketSession session, InspectionResult[] results, CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (InspectionResult result in results)
        {
            string reason = result.Reason is null ? "" : $": {result.Reason.Message}";
            await output.Out.WriteLineAsync($"{result.BlobName} ({result.InspectionId}) {result.Status.ToString().ToLowerInvariant()}{reason}").ConfigureAwait(false);
            if (result.Familiarity is double familiarity)
            {
                string warning = result.Unfamiliar == true ? ": this footage is unlike what the release was trained on; its scores may mean nothing" : "";
                await output.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Familiarity {familiarity:0.00}{warning}")).ConfigureAwait(false);
            }

            if (result.Labels.Count > 0)
            {
                HashSet<int> defects = [.. result.Defects.Select(defect => defect.Index)];
                output.WriteTable(
                    ["code", "class", "probability", "defect"],
                    [.. result.Labels.OrderByDescending(label => label.Probability).Select(label => (IReadOnlyList<string>)
                        [label.Code, label.Name, label.Probability.ToString("0.000", CultureInfo.InvariantCulture), defects.Contains(label.Index) ? "yes" : ""])]);
            }

            if (await ReportOfAsync(session, result, cancellationToken).ConfigureAwait(false) is { } report)
            {
                await output.Out.WriteLineAsync($"Report: {report}").ConfigureAwait(false);
            }
        }
    }

    private static async Task<string?> ReportOfAsync(BucketSession session, InspectionResult result, CancellationToken cancellationToken)
    {
        BlobPath path = InspectionResult.ReportPathOf(result.InspectionId);
        if (await session.Store.FindAsync(path, cancellationToken).ConfigureAwait(false) is null)
        {
            return null;
        }

        Uri uri = await session.Store.GetReadUriAsync(path, _linkLifetime, cancellationToken).ConfigureAwait(false);
        return session.Storage.Kind == StorageKind.Folder ? uri.LocalPath : uri.ToString();
    }

    private static void Open(string report)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(report) { UseShellExecute = true });
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or PlatformNotSupportedException)
        {
            throw new CommandFailedException(ExitCode.Failure, $"No web browser could be started ({exception.Message}). Open it by hand: {report}");
        }
    }
}
