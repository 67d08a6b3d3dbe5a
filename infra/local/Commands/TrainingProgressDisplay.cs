using CloudPipe.GpuWorker.Training;
using Spectre.Console;

namespace CloudPipe.Local.Commands;

/// <summary>Shows how far cutting and training are: bars for a person, a line for each hundredth for a pipe.</summary>
internal static class TrainingProgressDisplay
{
    /// <summary>Runs work and shows its progress.</summary>
    /// <typeparam name="T">What it comes to.</typeparam>
    /// <param name="output">Where to show it.</param>
    /// <param name="work">Gets what hears of the progress.</param>
    /// <returns>What the work came to.</returns>
    public static async Task<T> RunAsync<T>(CommandOutput output, Func<IProgress<TrainingProgress>, Task<T>> work)
    {
        if (!output.IsInteractive)
        {
            return await work(new PlainProgress(output.Error)).ConfigureAwait(false);
        }

        return await output.Console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new BarProgress(context))).ConfigureAwait(false);
    }

    /// <summary>A line when a stage begins, and one for each further hundredth of it.</summary>
    private sealed class PlainProgress(TextWriter lines) : IProgress<TrainingProgress>
    {
        private readonly Lock _lock = new();
        private (string Stage, long Percent) _last;

        public void Report(TrainingProgress value)
        {
            lock (_lock)
            {
                (string, long) now = (value.Stage, 100 * value.Completed / value.Total);
                if (now != _last)
                {
                    _last = now;
                    lines.WriteLine($"{value.Stage} {_last.Percent} %: {value.Message}");
                }
            }
        }
    }

    private sealed class BarProgress(ProgressContext context) : IProgress<TrainingProgress>
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, ProgressTask> _bars = [];

        public void Report(TrainingProgress value)
        {
            lock (_lock)
            {
                if (!_bars.TryGetValue(value.Stage, out ProgressTask? bar))
                {
                    bar = context.AddTask(value.Stage, maxValue: value.Total);
                    _bars.Add(value.Stage, bar);
                }

                bar.Value = value.Completed;
                bar.Description = Markup.Escape($"{value.Stage}: {value.Message}");
            }
        }
    }
}
