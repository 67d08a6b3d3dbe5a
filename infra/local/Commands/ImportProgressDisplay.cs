using CloudPipe.Datasets;
using Spectre.Console;

namespace CloudPipe.Local.Commands;

/// <summary>Shows how far an import is: a bar for a person, a line for each hundredth for a pipe.</summary>
internal static class ImportProgressDisplay
{
    /// <summary>Runs an import and shows its progress.</summary>
    /// <param name="output">Where to show it.</param>
    /// <param name="import">Gets what hears of the progress.</param>
    /// <returns>The data set.</returns>
    public static async Task<Dataset> RunAsync(CommandOutput output, Func<IProgress<ImportProgress>, Task<Dataset>> import)
    {
        if (!output.IsInteractive)
        {
            return await import(new PlainProgress(output.Error)).ConfigureAwait(false);
        }

        return await output.CreateBars().StartAsync(context => import(new BarProgress(context.AddTask("cutting")))).ConfigureAwait(false);
    }

    private sealed class PlainProgress(TextWriter lines) : IProgress<ImportProgress>
    {
        private readonly Lock _lock = new();
        private int _last = -1;

        public void Report(ImportProgress value)
        {
            lock (_lock)
            {
                int percent = 100 * value.Completed / value.Total;
                if (percent != _last)
                {
                    _last = percent;
                    lines.WriteLine($"cutting {percent} %: {value.Sample}");
                }
            }
        }
    }

    private sealed class BarProgress(ProgressTask bar) : IProgress<ImportProgress>
    {
        private readonly Lock _lock = new();

        public void Report(ImportProgress value)
        {
            lock (_lock)
            {
                bar.MaxValue = value.Total;
                bar.Value = value.Completed;
                bar.Description = Markup.Escape($"cutting: {value.Sample}");
            }
        }
    }
}
