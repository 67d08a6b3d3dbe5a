using System.CommandLine;
using System.Globalization;
using CloudPipe.Progress;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe runs</c>: how far training runs are, and how they ended.</summary>
internal static class RunsCommand
{
    public static Command Create(CommandOutput output)
    {
        var json = new Option<bool>("--json") { Description = "Writes a JSON array." };
        var command = new Command("runs", "Shows training runs: every fold, how far it is, and how the run ended.") { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using BucketSession session = await BucketSession.OpenAsync(CommandSettings.From(parsed), mustExist: true, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<RunProgress> runs = await new RunProgressReader(session.Store).ReadAllAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                output.WriteJson(runs);
            }
            else if (runs.Count == 0)
            {
                await output.Out.WriteLineAsync("There are no training runs in this bucket. Drop a request into its 'training' folder.").ConfigureAwait(false);
            }
            else
            {
                Write(output, runs);
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Writes a row a fold, and what became of each run that has ended; nothing where there are no runs.</summary>
    public static void Write(CommandOutput output, IReadOnlyList<RunProgress> runs)
    {
        if (runs.Any(run => run.Folds.Count > 0))
        {
            output.WriteTable(
                ["training run", "network", "fold", "stage", "epoch", "loss", "mAP"],
                [.. runs.SelectMany(run => run.Folds.Select(fold => (IReadOnlyList<string>)
                [
                    run.RunId,
                    fold.Architecture,
                    fold.Fold.ToString(CultureInfo.InvariantCulture),
                    fold.Stage,
                    fold.Last is { } last ? string.Create(CultureInfo.InvariantCulture, $"{last.Epoch}/{last.Epochs}") : string.Empty,
                    fold.Last?.Loss.ToString("0.000", CultureInfo.InvariantCulture) ?? string.Empty,
                    fold.Last?.MeanAveragePrecision?.ToString("0.000", CultureInfo.InvariantCulture) ?? string.Empty,
                ]))]);
        }

        foreach (RunProgress run in runs)
        {
            if (run.Result is { Reason: { } reason })
            {
                output.Out.WriteLine($"{run.BlobName} failed: {reason}");
            }
            else if (run.Result is { } result)
            {
                output.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.BlobName} is completed: release {result.Release}, mAP {result.MeanAveragePrecision:0.000} out of fold; report in runs/{run.RunId}/report.html"));
            }
        }
    }
}
