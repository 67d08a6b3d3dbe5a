using System.CommandLine;
using System.Text.Json;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Messages;
using Spectre.Console;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe train</c>: labelled videos to a release.</summary>
internal static class TrainCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="output">Where it writes.</param>
    /// <returns>The command.</returns>
    public static Command Create(CommandOutput output)
    {
        var recipe = new TrainingRecipe();
        var videos = Text("--videos", "FOLDER", "The training videos.");
        var labels = new Option<string?>("--labels") { Description = "Their labels in QV-Pipe's JSON form, by default labels.json beside the videos.", HelpName = "FILE" };
        var evaluate = new Option<string?>("--evaluate") { Description = "Videos, with a labels.json, that no fold trains on: the release is measured on them.", HelpName = "FOLDER" };
        var name = Text("--name", "NAME", "The release's name.");
        var outFolder = Text("--out", "FOLDER", "Where the release, its weights and its tables are written.");
        var cache = new Option<string?>("--cache") { Description = "Where cut frames are kept for the next run, by default 'cache' in the output folder.", HelpName = "FOLDER" };
        var architectures = new Option<string[]>("--architecture") { Description = "A network by timm's name; may be repeated.", HelpName = "NAME", DefaultValueFactory = _ => ["convnext_atto"] };
        var weights = new Option<string?>("--weights") { Description = "A weights file (safetensors, or PyTorch's .pth) that every fold starts from; a classifier for other classes is drawn anew.", HelpName = "FILE" };
        Option<int> folds = Number("--folds", 5, "Folds, each held out once.");
        Option<int> grid = Number("--grid", 3, "Tiles per side of a super-image.");
        Option<int> tile = Number("--tile", 448, "Pixels per side of a tile.");
        Option<int> epochs = Number("--epochs", recipe.Epochs, "Passes over the training clips.");
        Option<int> batch = Number("--batch", recipe.BatchSize, "Super-images per step.");
        Option<double> rate = Number("--learning-rate", recipe.MaxLearningRate, "The one-cycle schedule's highest learning rate.");
        Option<double> ema = Number("--ema-decay", recipe.EmaDecay, "How slowly the averaged weights follow.");
        Option<double> scale = Number("--layer-scale", recipe.LayerScaleInitialValue, "ConvNeXt's initial layer scale.");
        Option<double> gamma = Number("--gamma-negative", recipe.GammaNegative, "The asymmetric loss's focus on hard negatives.");
        Option<int> validate = Number("--validate-every", recipe.ValidationInterval, "Epochs between two measurements on the held-out fold; the last epoch is always measured.");
        var recipeFile = new Option<string?>("--recipe") { Description = "A recipe as JSON, with any of the fields that the report lists under 'recipe'; options of the command line win over it.", HelpName = "FILE" };
        var checkpointSteps = new Option<int?>("--checkpoint-steps") { Description = "Steps between two checkpoints within an epoch; there is one at each epoch's end in any case.", HelpName = "N" };
        Option<int> seed = Number("--seed", 1, "Decides everything random.");
        var json = new Option<bool>("--json") { Description = "Writes the report as JSON." };

        var command = new Command("train", "Trains the folds of a release from labelled videos, and measures it.")
        {
            videos, labels, evaluate, name, outFolder, cache, architectures, weights, folds, grid, tile, epochs, batch, rate, ema, scale, gamma, validate, recipeFile, checkpointSteps, seed, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = parsed.GetRequiredValue(videos);
            TrainingRecipe written = parsed.GetValue(recipeFile) is { } file ? ReadRecipe(file) : recipe;
            var request = new TrainingRequest
            {
                Videos = new LabelledVideos(folder, parsed.GetValue(labels) ?? LabelsOf(folder)),
                Evaluation = parsed.GetValue(evaluate) is { } other ? new LabelledVideos(other, LabelsOf(other)) : null,
                ReleaseName = parsed.GetRequiredValue(name),
                OutputFolder = parsed.GetRequiredValue(outFolder),
                CacheFolder = parsed.GetValue(cache),
                Architectures = parsed.GetRequiredValue(architectures),
                InitialWeightsFile = parsed.GetValue(weights),
                Folds = parsed.GetValue(folds),
                Grid = parsed.GetValue(grid),
                TileSize = parsed.GetValue(tile),
                Seed = parsed.GetValue(seed),
                CheckpointSteps = parsed.GetValue(checkpointSteps),
                Recipe = written with
                {
                    Epochs = Given(parsed, epochs, written.Epochs),
                    BatchSize = Given(parsed, batch, written.BatchSize),
                    MaxLearningRate = Given(parsed, rate, written.MaxLearningRate),
                    EmaDecay = Given(parsed, ema, written.EmaDecay),
                    LayerScaleInitialValue = Given(parsed, scale, written.LayerScaleInitialValue),
                    GammaNegative = Given(parsed, gamma, written.GammaNegative),
                    ValidationInterval = Given(parsed, validate, written.ValidationInterval),
                },
            };
            TrainingReport report;
            try
            {
                report = await RunAsync(request, output, cancellationToken).ConfigureAwait(false);
            }
            catch (TrainingException exception)
            {
                throw new CommandFailedException(ExitCode.Failure, $"cloudpipe: {exception.Message}");
            }

            await output.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(report, CloudPipeJson.Indented) : report.ToMarkdown()).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<TrainingReport> RunAsync(TrainingRequest request, CommandOutput output, CancellationToken cancellationToken)
    {
        if (!output.IsInteractive)
        {
            return await TrainingRun.RunAsync(request, new PlainProgress(output.Error), cancellationToken).ConfigureAwait(false);
        }

        return await output.Console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => TrainingRun.RunAsync(request, new BarProgress(context), cancellationToken)).ConfigureAwait(false);
    }

    // What the command line says in so many words; its defaults are the recipe's.
    private static T Given<T>(ParseResult parsed, Option<T> option, T otherwise) => parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option)! : otherwise;

    private static TrainingRecipe ReadRecipe(string path)
    {
        try
        {
            return TrainingRecipe.Parse(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TrainingException)
        {
            throw new CommandFailedException(ExitCode.Usage, $"cloudpipe: the recipe '{path}' cannot be used: {exception.Message}");
        }
    }

    private static string LabelsOf(string folder) => Path.Combine(folder, "labels.json");

    private static Option<string> Text(string option, string helpName, string description) => new(option) { Description = description, HelpName = helpName, Required = true };

    private static Option<T> Number<T>(string option, T value, string description)
        where T : notnull => new(option)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => value,
        };

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
