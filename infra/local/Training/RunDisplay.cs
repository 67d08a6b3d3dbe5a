using System.Globalization;
using CloudPipe.Local.Commands;
using CloudPipe.Progress;
using CloudPipe.Runs;
using Spectre.Console;

namespace CloudPipe.Local.Training;

/// <summary>Shows how far a training run is: a bar a fold for a person, a line an epoch for a pipe.</summary>
internal static class RunDisplay
{
    /// <summary>Runs work and shows its progress.</summary>
    /// <param name="output">Where to show it; nothing goes to standard output.</param>
    /// <param name="work">Gets what is shown how far the run is.</param>
    /// <returns>What the work came to.</returns>
    public static async Task<RunResult> RunAsync(CommandOutput output, Func<Action<RunProgress>, Task<RunResult>> work)
    {
        if (!output.IsInteractive)
        {
            return await work(new Lines(output.Error).Show).ConfigureAwait(false);
        }

        return await output.CreateBars().StartAsync(context => work(new Bars(context).Show)).ConfigureAwait(false);
    }

    private static string Name(FoldState fold) => $"{fold.Architecture} fold {fold.Fold}";

    private static string Describe(FoldState fold) => fold switch
    {
        { Stage: "training", Last: { } last } => string.Create(
            CultureInfo.InvariantCulture, $"epoch {last.Epoch}/{last.Epochs}, loss {last.Loss:0.000}{Precision(last)}{(last.SamplesPerSecond is double speed ? $", {speed:0.0} samples/s" : "")}"),
        { Stage: "trained", Last: { } last } => string.Create(CultureInfo.InvariantCulture, $"trained{Precision(last)}"),
        _ => fold.Stage,
    };

    private static string Precision(FoldProgress line) => line.MeanAveragePrecision is double value ? string.Create(CultureInfo.InvariantCulture, $", mAP {value:0.000}") : "";

    private sealed class Lines(TextWriter lines)
    {
        private readonly Dictionary<string, string> _shown = [];

        public void Show(RunProgress run)
        {
            foreach (FoldState fold in run.Folds.Where(fold => fold.Last is not { Batch: not null }))
            {
                string state = Describe(fold);
                if (_shown.GetValueOrDefault(Name(fold)) != state)
                {
                    _shown[Name(fold)] = state;
                    lines.WriteLine($"{Name(fold)}: {state}");
                }
            }
        }
    }

    private sealed class Bars(ProgressContext context)
    {
        private readonly Dictionary<string, ProgressTask> _bars = [];

        public void Show(RunProgress run)
        {
            foreach (FoldState fold in run.Folds)
            {
                if (!_bars.TryGetValue(Name(fold), out ProgressTask? bar))
                {
                    _bars[Name(fold)] = bar = context.AddTask(Name(fold), maxValue: 1);
                }

                bar.Value = fold.Stage is "trained" or "failed" ? 1 : fold.Last?.Share ?? 0;
                bar.Description = Markup.Escape($"{Name(fold)}: {Describe(fold)}");
            }
        }
    }
}
