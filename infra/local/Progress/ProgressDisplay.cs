using CloudPipe.Inspections;
using CloudPipe.Local.Commands;
using CloudPipe.Progress;
using Spectre.Console;

namespace CloudPipe.Local.Progress;

/// <summary>Shows inspections while they are worked on: a live table for a person, a line per change for a pipe.</summary>
/// <param name="reader">Reads the states.</param>
/// <param name="output">Where to show them.</param>
public sealed class ProgressDisplay(ProgressReader reader, CommandOutput output)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    // A screen shows what is worked on and what has ended last; 'status' lists all.
    private const int MostRows = 20;

    private readonly Dictionary<string, string> _shown = [];

    /// <summary>Shows progress until an end is reached.</summary>
    /// <param name="isShown">Which inspections to show.</param>
    /// <param name="isDone">Whether the end is reached, from the inspections that are shown.</param>
    /// <param name="cancellationToken">Ends it early, without an exception.</param>
    /// <returns>The last state of the inspections that are shown.</returns>
    public async Task<IReadOnlyList<InspectionProgress>> RunAsync(
        Func<InspectionProgress, bool> isShown, Func<IReadOnlyList<InspectionProgress>, bool> isDone, CancellationToken cancellationToken)
    {
        if (!output.IsInteractive)
        {
            return await PollAsync(isShown, isDone, WriteChanges, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<InspectionProgress> last = [];
        await output.Console.Live(Render([])).StartAsync(async context =>
        {
            last = await PollAsync(isShown, isDone, shown => context.UpdateTarget(Render(shown)), cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return last;
    }

    /// <summary>Shows a finished list once.</summary>
    /// <param name="inspections">The inspections.</param>
    public void Write(IReadOnlyList<InspectionProgress> inspections) => output.WriteTable(
        ["inspection", "video", "status", "segments", "detail"],
        [.. inspections.Select(progress => (IReadOnlyList<string>)[progress.InspectionId, progress.BlobName, Name(progress.Stage), Count(progress.Segments), progress.Describe()])]);

    private static string Name(InspectionStage stage) => stage.ToString().ToLowerInvariant();

    private static string Count(int segments) => segments == 0 ? "" : segments.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Table Render(IReadOnlyList<InspectionProgress> inspections)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("video", "status", "segments", "detail");
        foreach (InspectionProgress progress in inspections.OrderBy(progress => progress.IsFinished).Take(MostRows).OrderBy(progress => progress.BlobName, StringComparer.Ordinal))
        {
            Color color = progress.Result?.Status switch
            {
                InspectionStatus.Completed => Color.Green,
                InspectionStatus.Rejected => Color.Yellow,
                InspectionStatus.Failed => Color.Red,
                _ => Color.Default,
            };
            table.AddRow(new Text(progress.BlobName), new Text(Name(progress.Stage), new Style(color)), new Text(Count(progress.Segments)), new Text(progress.Describe()));
        }

        return table;
    }

    private async Task<IReadOnlyList<InspectionProgress>> PollAsync(
        Func<InspectionProgress, bool> isShown,
        Func<IReadOnlyList<InspectionProgress>, bool> isDone,
        Action<IReadOnlyList<InspectionProgress>> show,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<InspectionProgress> shown = [];
        try
        {
            while (true)
            {
                shown = [.. (await reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)).Where(isShown)];
                show(shown);
                if (isDone(shown))
                {
                    return shown;
                }

                await Task.Delay(_interval, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return shown;
        }
    }

    private void WriteChanges(IReadOnlyList<InspectionProgress> inspections)
    {
        foreach (InspectionProgress progress in inspections)
        {
            string state = $"{Name(progress.Stage)} {progress.Describe()}".TrimEnd();
            if (!_shown.TryGetValue(progress.InspectionId, out string? before) || before != state)
            {
                _shown[progress.InspectionId] = state;
                output.Out.WriteLine($"{progress.BlobName}: {state}");
            }
        }
    }
}
