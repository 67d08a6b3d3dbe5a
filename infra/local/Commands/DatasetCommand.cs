using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CloudPipe.Datasets;
using CloudPipe.Folds;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Reports;
using CloudPipe.Storage;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe dataset</c>: labelled videos and images to a data set in the bucket, and what is in it.</summary>
internal static class DatasetCommand
{
    // As in training.
    private const int StratificationOrder = 1;

    public static Command Create(CommandOutput output) => new("dataset", "Makes data sets for training, and reports on them.")
    {
        CreateImport(output),
        CreateReport(output),
    };

    /// <summary>Finds a data set.</summary>
    /// <param name="session">The bucket.</param>
    /// <param name="name">The data set's name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The data set and its store.</returns>
    /// <exception cref="CommandFailedException">There is none of that name.</exception>
    public static async Task<StoredDataset> ReadAsync(BucketSession session, string name, CancellationToken cancellationToken)
    {
        try
        {
            return new StoredDataset(session.Store, await new DatasetStore(session.Store).ReadAsync(name, cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidDataException exception)
        {
            throw new CommandFailedException(ExitCode.NotFound, exception.Message);
        }
    }

    private static Command CreateImport(CommandOutput output)
    {
        var format = new Option<string>("--format") { Description = "How the labels are written: qv-pipe, cctv-pipe, sewer-ml or csv.", HelpName = "FORMAT", Required = true };
        var videos = new Option<string>("--videos") { Description = "The videos and images.", HelpName = "FOLDER", Required = true };
        var labels = new Option<string?>("--labels") { Description = "Their labels, by default labels.json (qv-pipe, cctv-pipe) or labels.csv in the folder.", HelpName = "FILE" };
        var name = new Option<string>("--name") { Description = "The data set's name.", HelpName = "NAME", Required = true };
        var taxonomy = new Option<string?>("--taxonomy") { Description = "A JSON file with the classes, by default Sewer-ML's for sewer-ml and QV-Pipe's for the others.", HelpName = "FILE" };
        var grid = new Option<int>("--grid") { Description = "Tiles per side of a super-image.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var tile = new Option<int>("--tile") { Description = "Pixels per side of a tile.", HelpName = "N", DefaultValueFactory = _ => 448 };
        var frames = new Option<int?>("--frames") { Description = "Frames of each video, by default as many as the grid has tiles.", HelpName = "N" };
        var sampling = new Option<string>("--sampling") { Description = "Which frames: uniform, sequence (consecutive, from the middle) or dense (a multiple of the tiles, uniform).", HelpName = "KIND", DefaultValueFactory = _ => "uniform" };
        var moment = new Option<double>("--moment-seconds") { Description = "How long a sample around one of CCTV-Pipe's moments is.", HelpName = "N", DefaultValueFactory = _ => CctvPipeLabels.DefaultMomentSeconds };
        var json = new Option<bool>("--json") { Description = "Writes the data set's description as JSON." };
        format.AcceptOnlyFromAmong("qv-pipe", "cctv-pipe", "sewer-ml", "csv");
        sampling.AcceptOnlyFromAmong("uniform", "sequence", "dense");
        moment.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 86_400))
            {
                result.AddError("--moment-seconds takes a number above 0.");
            }
        });

        var command = new Command("import", "Cuts labelled videos and images into a data set in the bucket; run again, it goes on where it was stopped.")
        {
            format, videos, labels, name, taxonomy, grid, tile, frames, sampling, moment, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DatasetFormat chosen = parsed.GetRequiredValue(format) switch
            {
                "qv-pipe" => DatasetFormat.QvPipe,
                "cctv-pipe" => DatasetFormat.CctvPipe,
                "sewer-ml" => DatasetFormat.SewerMl,
                _ => DatasetFormat.Csv,
            };
            string folder = parsed.GetRequiredValue(videos);
            string labelFile = parsed.GetValue(labels) ?? Path.Combine(folder, chosen is DatasetFormat.QvPipe or DatasetFormat.CctvPipe ? "labels.json" : "labels.csv");
            int side = parsed.GetValue(grid);
            using BucketSession session = await BucketSession.OpenAsync(CommandSettings.From(parsed), mustExist: false, cancellationToken).ConfigureAwait(false);
            try
            {
                Taxonomy classes = parsed.GetValue(taxonomy) is { } file ? ReadTaxonomy(file) : DatasetLabels.TaxonomyOf(chosen);
                var import = new DatasetImport(
                    parsed.GetRequiredValue(name),
                    chosen,
                    classes,
                    folder,
                    DatasetLabels.Read(chosen, labelFile, classes, parsed.GetValue(moment)),
                    new DatasetCut(side, parsed.GetValue(tile), parsed.GetValue(frames) ?? side * side, Enum.Parse<FrameSampling>(parsed.GetRequiredValue(sampling), ignoreCase: true)));
                var importer = new DatasetImporter(session.Store, Environment.ProcessorCount);
                Dataset dataset = await TrainingProgressDisplay.RunAsync(output, progress => importer.ImportAsync(import, new CuttingProgress(progress), cancellationToken)).ConfigureAwait(false);
                Write(output, dataset, parsed.GetValue(json));
                return ExitCode.Success;
            }
            catch (InvalidDataException exception)
            {
                throw new CommandFailedException(ExitCode.Failure, $"cloudpipe: {exception.Message}");
            }
        });
        return command;
    }

    private static Command CreateReport(CommandOutput output)
    {
        var name = new Argument<string>("NAME") { Description = "The data set." };
        var folds = new Option<int?>("--folds") { Description = "Shows how evenly training would divide it into so many folds.", HelpName = "N" };
        var seed = new Option<int>("--seed") { Description = "Training's seed, which decides the folds.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Writes the figures as JSON too." };
        folds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 2 or > 100)
            {
                result.AddError("--folds takes a number from 2 to 100.");
            }
        });
        var command = new Command("report", "Counts classes, what stands together, lengths and what was left out: report.html and report.json beside the data set.") { name, folds, seed, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using BucketSession session = await BucketSession.OpenAsync(CommandSettings.From(parsed), mustExist: true, cancellationToken).ConfigureAwait(false);
            Dataset dataset = (await ReadAsync(session, parsed.GetRequiredValue(name), cancellationToken).ConfigureAwait(false)).Dataset;
            IReadOnlyList<int>[] labels = [.. dataset.Samples.Select(sample => sample.Labels)];
            var statistics = DatasetStatistics.Of(dataset, parsed.GetValue(folds) is int count ? IterativeStratification.Assign(labels, count, StratificationOrder, parsed.GetValue(seed)) : null);
            BlobPath page = Dataset.PathOf(dataset.Name, "report.html");
            await session.Store.WriteBytesAsync(page, DatasetReportWriter.Write(statistics), cancellationToken: cancellationToken).ConfigureAwait(false);
            await session.Store.WriteBytesAsync(Dataset.PathOf(dataset.Name, "report.json"), JsonSerializer.SerializeToUtf8Bytes(statistics, CloudPipeJson.Indented), cancellationToken: cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                output.WriteJson(statistics);
                return ExitCode.Success;
            }

            output.WriteTable(
                ["class", "samples", "of all"],
                [.. statistics.Classes.Select(entry => (IReadOnlyList<string>)[$"{entry.Index} {entry.Code} {entry.Name}", Format(entry.Samples), string.Create(CultureInfo.InvariantCulture, $"{entry.Share * 100:0.0} %")])]);
            Uri address = await session.Store.GetReadUriAsync(page, TimeSpan.FromHours(1), cancellationToken).ConfigureAwait(false);
            await output.Out.WriteLineAsync($"{Format(statistics.Samples)} samples, {Format(statistics.Skipped.Count)} left out: {(address.IsFile ? address.LocalPath : page)}").ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(CommandOutput output, Dataset dataset, bool json)
    {
        if (json)
        {
            output.WriteJson(dataset);
            return;
        }

        output.Out.WriteLine($"{Format(dataset.SampleCount)} samples in {Format(dataset.Shards.Count(shard => shard.Sha256 is not null))} shards, {Format(dataset.Shards.Sum(shard => shard.Bytes))} bytes: {Dataset.PathOf(dataset.Name)}");
        foreach (SkippedSample sample in dataset.Skipped)
        {
            output.Out.WriteLine($"left out: {sample.Name}: {sample.Reason}");
        }
    }

    private static Taxonomy ReadTaxonomy(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Taxonomy>(File.ReadAllBytes(file), CloudPipeJson.Options) is { Count: > 0 } taxonomy
                ? taxonomy
                : throw new InvalidDataException($"The taxonomy '{file}' has no classes.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The taxonomy '{file}' cannot be read: {exception.Message} It has the form of a release's 'taxonomy'.", exception);
        }
    }

    private static string Format(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
