using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using CloudPipe.Datasets;
using CloudPipe.Ensembling;
using CloudPipe.Evaluation;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Labels;
using CloudPipe.Local.Hosting;
using CloudPipe.Local.Training;
using CloudPipe.Messages;
using CloudPipe.Reports;
using CloudPipe.Runs;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe train</c>: labelled videos to a release, as a training request of the bucket that this process serves meanwhile.</summary>
internal static class TrainCommand
{
    // Enough of a hash to tell one user's data sets apart.
    private const int NameLength = 16;

    /// <summary>Makes the command.</summary>
    /// <param name="output">Where it writes.</param>
    /// <returns>The command.</returns>
    public static Command Create(CommandOutput output)
    {
        var defaults = new TrainingRecipe();
        var videos = new Option<string?>("--videos") { Description = "The training videos, with their labels in QV-Pipe's JSON form; they become a data set.", HelpName = "FOLDER" };
        var labels = new Option<string?>("--labels") { Description = "With --videos: the labels, by default labels.json beside the videos.", HelpName = "FILE" };
        var dataset = new Option<string?>("--dataset") { Description = "Instead of --videos: a data set in the bucket, from 'cloudpipe dataset import'.", HelpName = "NAME" };
        var evaluate = new Option<string?>("--evaluate") { Description = "What no fold trains on and the release is measured on: a folder of videos with its labels.json, or with --dataset another data set.", HelpName = "FOLDER|NAME" };
        var name = new Option<string>("--name") { Description = "The release's name, and the request's.", HelpName = "NAME", Required = true };
        var outFolder = new Option<string?>("--out") { Description = "Where the release, its weights and its report are copied; they are in the bucket anyway.", HelpName = "FOLDER" };
        var architectures = new Option<string[]>("--architecture") { Description = "A network by timm's name; may be repeated.", HelpName = "NAME", DefaultValueFactory = _ => ["convnext_atto"] };
        var weights = new Option<string?>("--weights") { Description = "A weights file (safetensors, or PyTorch's .pth) that every fold of the one network starts from; a classifier for other classes is drawn anew.", HelpName = "FILE" };
        var float16 = new Option<bool>("--float16") { Description = "Stores weights as float16, half the size." };
        var calibration = new Option<bool>("--calibration") { Description = "Gives the release a temperature and a threshold per class." };
        Option<int> folds = Number("--folds", 5, "Folds, each held out once.");
        Option<int> grid = Number("--grid", 3, "With --videos: tiles per side of a super-image.");
        Option<int> tile = Number("--tile", 448, "Pixels per side of a tile; by default the data set's.");
        Option<int> epochs = Number("--epochs", defaults.Epochs, "Passes over the training clips.");
        Option<int> batch = Number("--batch", defaults.BatchSize, "Super-images per step.");
        Option<double> rate = Number("--learning-rate", defaults.MaxLearningRate, "The schedule's highest learning rate.");
        var recipeFile = new Option<string?>("--recipe") { Description = "A recipe as JSON, in the form of a training request's 'recipe'; options of the command line win over it.", HelpName = "FILE" };
        Option<int> seed = Number("--seed", 1, "Decides everything random.");
        var json = new Option<bool>("--json") { Description = "Writes the run's evaluation as JSON." };

        var command = new Command("train", "Trains the folds of a release from labelled videos, and measures it; repeated, it goes on where it was stopped.")
        {
            videos, labels, dataset, evaluate, name, outFolder, architectures, weights, float16, calibration, folds, grid, tile, epochs, batch, rate, recipeFile, seed, json,
        };
        architectures.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string[]>()?.FirstOrDefault(architecture => !ModelCatalog.Contains(architecture)) is { } unknown)
            {
                result.AddError(ModelCatalog.Unknown(unknown).Message);
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(videos) is null == result.GetValue(dataset) is null || (result.GetValue(dataset) is not null && result.GetValue(labels) is not null))
            {
                result.AddError("Name what to learn from: either --videos, with --labels if they are elsewhere, or --dataset.");
            }

            if (result.GetValue(dataset) is not null && result.GetResult(grid) is { Implicit: false })
            {
                result.AddError("A data set has its grid: leave --grid out.");
            }

            if (result.GetValue(weights) is not null && result.GetValue(architectures) is { Length: > 1 })
            {
                result.AddError("One weights file starts one network; train the others by a request of their own.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TrainingRecipe written = parsed.GetValue(recipeFile) is { } file ? ReadRecipe(file) : defaults;
            var cut = DatasetCut.Uniform(parsed.GetValue(grid), parsed.GetValue(tile));
            int? ownTile = parsed.GetResult(tile) is { Implicit: false } && parsed.GetValue(dataset) is not null ? parsed.GetValue(tile) : null;
            string release = parsed.GetRequiredValue(name);
            CommandSettings settings = CommandSettings.From(parsed);
            using IHost host = LocalServices.Build(settings, LogLevel.Warning);
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                IBlobStore store = host.Services.GetRequiredService<IBlobStore>();
                string? initial = parsed.GetValue(weights) is { } path ? await UploadAsync(store, path, parsed.GetRequiredValue(architectures)[0], cancellationToken).ConfigureAwait(false) : null;
                var request = new RunRequest
                {
                    Dataset = parsed.GetValue(dataset) ?? await ImportAsync(store, parsed.GetRequiredValue(videos)!, parsed.GetValue(labels), cut, output, cancellationToken).ConfigureAwait(false),
                    Evaluation = parsed.GetValue(evaluate) is { } other && parsed.GetValue(videos) is not null
                        ? await ImportAsync(store, other, null, cut, output, cancellationToken).ConfigureAwait(false)
                        : parsed.GetValue(evaluate),
                    Models = [.. parsed.GetRequiredValue(architectures).Select(architecture => new RunModel(architecture, ownTile, initial))],
                    Folds = parsed.GetValue(folds),
                    Seed = parsed.GetValue(seed),
                    Calibration = parsed.GetValue(calibration),
                    HalfPrecisionWeights = parsed.GetValue(float16),
                    Recipe = written with
                    {
                        Epochs = Given(parsed, epochs, written.Epochs),
                        BatchSize = Given(parsed, batch, written.BatchSize),
                        MaxLearningRate = Given(parsed, rate, written.MaxLearningRate),
                    },
                };
                RunResult result = await RunDisplay.RunAsync(output, show => new ServedRun(host, show).RunAsync(release, request, cancellationToken)).ConfigureAwait(false);
                if (result.Status == RunStatus.Failed)
                {
                    throw new CommandFailedException(ExitCode.Failure, $"cloudpipe: {result.Reason}");
                }

                if (parsed.GetValue(outFolder) is { } folder)
                {
                    await new ReleaseCopy(store).WriteAsync(result, folder, cancellationToken).ConfigureAwait(false);
                }

                await WriteAsync(store, result, parsed.GetValue(json), output, cancellationToken).ConfigureAwait(false);
                return ExitCode.Success;
            }
            finally
            {
                await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static async Task<string> ImportAsync(IBlobStore store, string folder, string? labels, DatasetCut cut, CommandOutput output, CancellationToken cancellationToken)
    {
        try
        {
            Taxonomy taxonomy = QvPipeTaxonomy.Taxonomy;
            var import = new DatasetImport("clips", DatasetFormat.QvPipe, taxonomy, folder, DatasetLabels.Read(DatasetFormat.QvPipe, labels ?? Path.Combine(folder, "labels.json"), taxonomy), cut);

            // The same clips are the same data set, whatever is trained on them.
            import = import with { Name = $"clips-{DatasetImporter.PlanOf(import)[..NameLength]}" };
            var importer = new DatasetImporter(store, Environment.ProcessorCount);
            return (await ImportProgressDisplay.RunAsync(output, progress => importer.ImportAsync(import, progress, cancellationToken)).ConfigureAwait(false)).Name;
        }
        catch (InvalidDataException exception)
        {
            throw new CommandFailedException(ExitCode.Failure, $"cloudpipe: {exception.Message}");
        }
    }

    // Looked at before the clips are cut: that takes long, and a file that does not fit will not fit then.
    private static async Task<string> UploadAsync(IBlobStore store, string path, string architecture, CancellationToken cancellationToken)
    {
        try
        {
            using var network = ModelCatalog.Create(architecture, new ModelOptions(QvPipeTaxonomy.Taxonomy.Count, DrawWeights: false));
            WeightsLoader.Load(network, path, new WeightsOptions(architecture, FineTuning: true));
            await using FileStream file = File.OpenRead(path);
            string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
            file.Position = 0;
            var blob = new BlobPath(BlobContainers.Training, $"weights/{hash[..NameLength]}{Path.GetExtension(path)}");
            await store.WriteAsync(blob, file, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
            return blob.Name;
        }
        catch (Exception exception) when (exception is WeightsException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.Failure, $"cloudpipe: {exception.Message}");
        }
    }

    private static async Task WriteAsync(IBlobStore store, RunResult result, bool asJson, CommandOutput output, CancellationToken cancellationToken)
    {
        EvaluationReport evaluation = await store.ReadJsonAsync<EvaluationReport>(RunResult.FileOf(result.RunId, ReduceRunStep.EvaluationFile), cancellationToken).ConfigureAwait(false)
            ?? throw new CommandFailedException(ExitCode.NotFound, $"cloudpipe: the run '{result.RunId}' has ended, but its evaluation was deleted.");
        if (asJson)
        {
            output.WriteJson(evaluation);
            return;
        }

        await output.Out.WriteLineAsync(EvaluationMarkdown.Write(result.Release!, evaluation)).ConfigureAwait(false);
        await output.Out.WriteLineAsync($"The release is in {Release.PathOf(result.Release!)}, the report in {RunResult.FileOf(result.RunId, ReduceRunStep.ReportFile)}.").ConfigureAwait(false);
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

    private static Option<T> Number<T>(string option, T value, string description)
        where T : notnull => new(option)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => value,
        };
}
