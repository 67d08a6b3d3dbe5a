using System.Globalization;
using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using CloudPipe.Local.Progress;
using CloudPipe.Progress;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Demo;

/// <summary>Drops a folder of videos into a bucket that is being served, and shows what comes back and by which ways.</summary>
/// <param name="settings">The command line.</param>
/// <param name="output">Where to show it.</param>
/// <param name="timeProvider">Tells the time.</param>
internal sealed class DemoRun(CommandSettings settings, CommandOutput output, TimeProvider timeProvider)
{
    private static readonly TimeSpan _betweenDrops = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _webhookPatience = TimeSpan.FromSeconds(20);

    /// <summary>Runs the demo.</summary>
    /// <param name="videos">The folder of videos, perhaps with <c>labels.json</c>.</param>
    /// <param name="bucket">The bucket's folder; it stays, with the reports in it.</param>
    /// <param name="timeout">How long all of it may take.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether some video was scored, and every video has a result and its event has arrived with a valid signature.</returns>
    public async Task<bool> RunAsync(string videos, string bucket, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string[] files = [.. Directory.EnumerateFiles(videos).Where(file => UploadFilter.IsVideo(Path.GetFileName(file))).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            throw new CommandFailedException(ExitCode.NotFound, $"There is no video in '{videos}'.");
        }

        long startedAt = timeProvider.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(timeProvider, cancellationToken).ConfigureAwait(false);
        using IHost host = LocalServices.Build(WithWebhook(bucket, receiver), LogLevel.Warning);
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        await output.Out.WriteLineAsync($"Serving the bucket {bucket}; dropping {files.Length} videos into it.").ConfigureAwait(false);

        Task drops = DropAsync(files, Path.Combine(bucket, BlobContainers.Inspections), patience.Token);
        var reader = host.Services.GetRequiredService<ProgressReader>();
        IReadOnlyList<InspectionProgress> last = await new ProgressDisplay(reader, output).RunAsync(
            _ => true, all => drops.IsCompleted && all.Count == files.Length && all.All(progress => progress.IsFinished), patience.Token).ConfigureAwait(false);
        await drops.ConfigureAwait(false);
        await WaitForEventsAsync(receiver, files.Length, patience.Token).ConfigureAwait(false);
        TimeSpan elapsed = timeProvider.GetElapsedTime(startedAt);
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);

        Show(bucket, last, KnownLabels.Read(Path.Combine(videos, "labels.json")), receiver);
        int finished = last.Count(progress => progress.IsFinished);
        await output.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{finished} of {files.Length} videos have a result, {receiver.Events.Count} events arrived, {receiver.Refused} had a wrong signature; {elapsed.TotalSeconds:0.0} s in all.")).ConfigureAwait(false);
        return last.Any(progress => progress.Stage == InspectionStage.Completed) && finished == files.Length && receiver.Events.Count == files.Length && receiver.Refused == 0;
    }

    private static async Task DropAsync(string[] files, string inspections, CancellationToken cancellationToken)
    {
        foreach (string file in files)
        {
            // By hand, as a person would: the file is visible while it grows. Its sidecar comes first.
            string sidecar = file + ".json";
            if (File.Exists(sidecar))
            {
                await CopyAsync(sidecar, inspections, cancellationToken).ConfigureAwait(false);
            }

            await CopyAsync(file, inspections, cancellationToken).ConfigureAwait(false);
            await Task.Delay(_betweenDrops, cancellationToken).ConfigureAwait(false);
        }
    }

    // Not File.Copy: it keeps the file's date, and the seconds from upload to result would count from then.
    private static async Task CopyAsync(string file, string folder, CancellationToken cancellationToken)
    {
        await using FileStream source = File.OpenRead(file);
        await using FileStream target = File.Create(Path.Combine(folder, Path.GetFileName(file)));
        await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
    }

    private static async Task WaitForEventsAsync(WebhookReceiver receiver, int count, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_webhookPatience);
        while (receiver.Events.Count < count && !patience.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private CommandSettings WithWebhook(string bucket, WebhookReceiver receiver) => settings with
    {
        Bucket = bucket,
        Overrides =
        [
            .. settings.Overrides ?? [],
            new("CloudPipe:Webhooks:AllowHttp", "true"),
            new("CloudPipe:Webhooks:AllowPrivateAddresses", "true"),
            new("CloudPipe:Webhooks:Endpoints:0:Id", "demo"),
            new("CloudPipe:Webhooks:Endpoints:0:Url", receiver.Url),
            new("CloudPipe:Webhooks:Endpoints:0:Secrets:0", receiver.Secret),
        ],
    };

    private void Show(string bucket, IReadOnlyList<InspectionProgress> inspections, KnownLabels known, WebhookReceiver receiver)
    {
        output.Out.WriteLine("\nResults");
        output.WriteTable(
            ["video", "status", "top labels", "known", "familiarity", "segments", "seconds"],
            [.. inspections.Select(progress => (IReadOnlyList<string>)
            [
                progress.BlobName,
                progress.Stage.ToString().ToLowerInvariant(),
                progress.Result is { Labels.Count: > 0 } result ? TopLabels(result) : progress.Result?.Reason is { } reason ? JsonNamingPolicy.CamelCase.ConvertName(reason.Code.ToString()) : "",
                progress.Result is null ? "" : known.Describe(progress.Result),
                Familiarity(progress.Result),
                progress.Segments.ToString(CultureInfo.InvariantCulture),
                progress.Result?.SecondsFromUpload.ToString("0.0", CultureInfo.InvariantCulture) ?? "",
            ])]);
        output.Out.WriteLine("\nEvents received by the webhook, signatures verified");
        output.WriteTable(
            ["type", "subject", "webhook-id"],
            [.. receiver.Events.Select(received => (IReadOnlyList<string>)[received.Type, received.Subject, received.Id])]);
        output.Out.WriteLine("\nReports");
        foreach (InspectionProgress progress in inspections)
        {
            BlobPath report = InspectionResult.ReportPathOf(progress.InspectionId);
            output.Out.WriteLine(Path.Combine(bucket, report.Container, report.Name));
        }
    }

    private static string Familiarity(InspectionResult? result) => result?.Familiarity is double familiarity
        ? string.Create(CultureInfo.InvariantCulture, $"{familiarity:0.00}{(result.Unfamiliar == true ? " unlike the training data" : "")}")
        : "";

    private static string TopLabels(InspectionResult result) => string.Join(", ", result.Labels
        .OrderByDescending(label => label.Probability).Take(3)
        .Select(label => string.Create(CultureInfo.InvariantCulture, $"{label.Code} {label.Probability:0.00}")));
}
