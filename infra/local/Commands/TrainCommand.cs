using System.CommandLine;
using System.Text.Json;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Messages;
using CloudPipe.Runs;

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
        var videos = new Option<string?>("--videos") { Description = "The training videos.", HelpName = "FOLDER" };
        var dataset = new Option<string?>("--dataset") { Description = "Instead of --videos: a data set in the bucket, from 'cloudpipe dataset import'.", HelpName = "NAME" };
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
            videos, labels, dataset, evaluate, name, outFolder, cache, architectures, weights, folds, grid, tile, epochs, batch, rate, ema, scale, gamma, validate, recipeFile, checkpointSteps, seed, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(videos) is null == parsed.GetValue(dataset) is null || (parsed.GetValue(dataset) is not null && parsed.GetValue(labels) is not null))
            {
                throw new CommandFailedException(ExitCode.Usage, "Name what to learn from: either --videos, with --labels if they are elsewhere, or --dataset.");
            }

            using BucketSession? session = parsed.GetValue(dataset) is null ? null : await BucketSession.OpenAsync(CommandSettings.From(parsed), mustExist: true, cancellationToken).ConfigureAwait(false);
            StoredDataset? stored = session is null ? null : await DatasetCommand.ReadAsync(session, parsed.GetRequiredValue(dataset)!, cancellationToken).ConfigureAwait(false);
            if (stored is not null && parsed.GetResult(grid) is { Implicit: false } && parsed.GetValue(grid) != stored.Dataset.Cut.Grid)
            {
                throw new CommandFailedException(ExitCode.Usage, $"The data set '{stored.Dataset.Name}' was cut for a grid of {stored.Dataset.Cut.Grid}, not {parsed.GetValue(grid)}. Leave --grid out, or import it again.");
            }

            TrainingRecipe written = parsed.GetValue(recipeFile) is { } file ? ReadRecipe(file) : recipe;
            var request = new TrainingRequest
            {
                Videos = parsed.GetValue(videos) is { } folder ? new LabelledVideos(folder, parsed.GetValue(labels) ?? LabelsOf(folder)) : null,
                Dataset = stored,
                Evaluation = parsed.GetValue(evaluate) is { } other ? new LabelledVideos(other, LabelsOf(other)) : null,
                ReleaseName = parsed.GetRequiredValue(name),
                OutputFolder = parsed.GetRequiredValue(outFolder),
                CacheFolder = parsed.GetValue(cache),
                Architectures = parsed.GetRequiredValue(architectures),
                InitialWeightsFile = parsed.GetValue(weights),
                Folds = parsed.GetValue(folds),
                Grid = parsed.GetValue(grid),
                TileSize = stored is not null && parsed.GetResult(tile) is null or { Implicit: true } ? stored.Dataset.Cut.TileSize : parsed.GetValue(tile),
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
                report = await TrainingProgressDisplay.RunAsync(output, progress => TrainingRun.RunAsync(request, progress, cancellationToken)).ConfigureAwait(false);
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
}
