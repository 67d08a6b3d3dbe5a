using System.Security.Cryptography;
using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.Folds;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training.Checkpoints;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Messages;
using CloudPipe.Metrics;
using CloudPipe.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// From a folder of labelled clips to a release: cuts, trains every fold of every architecture, measures, and writes
/// <c>&lt;name&gt;.json</c> (the release), <c>&lt;name&gt;/*.safetensors</c>, <c>&lt;name&gt;.report.json</c> and <c>&lt;name&gt;.md</c>.
/// </summary>
public static class TrainingRun
{
    private const int StratificationOrder = 1;

    /// <summary>Runs a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="progress">Hears of every clip and step.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>What it came to; the files are there.</returns>
    /// <exception cref="TrainingException">The request cannot be carried out as it stands.</exception>
    public static async Task<TrainingReport> RunAsync(TrainingRequest request, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Dataset is { Dataset: var chosen })
            request = request with { Taxonomy = chosen.Taxonomy, Grid = chosen.Cut.Grid };

        Validate(request);
        InitialWeights? initialWeights = CheckInitialWeights(request);
        string cacheFolder = request.CacheFolder ?? Path.Combine(request.OutputFolder, "cache");
        Directory.CreateDirectory(Path.Combine(request.OutputFolder, request.ReleaseName));
        var builder = new TileDatasetBuilder(request.Grid, request.TileSize, request.Taxonomy, Environment.ProcessorCount);
        using TileDataset training = await (request.Dataset is { } stored
            ? builder.BuildAsync(stored.Store, stored.Dataset, cacheFolder, progress, cancellationToken)
            : builder.BuildAsync(request.Videos!, cacheFolder, progress, cancellationToken)).ConfigureAwait(false);
        using TileDataset? evaluation = request.Evaluation is null ? null
            : await builder.BuildAsync(request.Evaluation, cacheFolder, progress, cancellationToken).ConfigureAwait(false);
        if (training.Count < 2 * request.Folds)
            throw new TrainingException($"{training.Count} clips could be cut; {request.Folds} folds need at least {2 * request.Folds}. Add clips, or ask for fewer folds.");

        return await Task.Run(() => Train(request, initialWeights, training, evaluation, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static void Validate(TrainingRequest request)
    {
        request.Recipe.Validate();
        if (request.Videos is null == request.Dataset is null)
            throw new TrainingException("Name either a folder of videos or a data set to learn from.");

        if (!ReleaseValidator.IsName(request.ReleaseName))
            throw new TrainingException($"'{request.ReleaseName}' cannot name a release: 1 to 64 characters of a-z, 0-9, hyphen and dot.");

        if (request.Architectures.Count == 0 || request.Architectures.Distinct(StringComparer.Ordinal).Count() < request.Architectures.Count)
            throw new TrainingException("Name at least one architecture, each once.");

        if (request.Architectures.FirstOrDefault(architecture => !ModelCatalog.Contains(architecture)) is string unknown)
            throw new TrainingException(ModelCatalog.Unknown(unknown).Message);

        if (request.Folds is < 2 or > 100)
            throw new TrainingException($"{request.Folds} folds: ask for 2 to 100.");

        if (request.Grid is < 1 or > 9 || request.TileSize is < 16 or > 2048)
            throw new TrainingException($"A grid of {request.Grid} and tiles of {request.TileSize} pixels: a grid is 1 to 9, a tile 16 to 2048 pixels.");

        if (request.CheckpointSteps is < 1)
            throw new TrainingException($"A checkpoint every {request.CheckpointSteps} steps: ask for 1 and more.");

        if (request.Threads is < 1 or > 1024)
            throw new TrainingException($"{request.Threads} threads: ask for 1 to 1024.");
    }

    // Before the clips are cut: that takes long, and a file that does not fit will not fit then.
    private static InitialWeights? CheckInitialWeights(TrainingRequest request)
    {
        if (request.InitialWeightsFile is not { } path)
            return null;

        if (request.Architectures is not [string architecture])
            throw new TrainingException("One weights file starts one architecture; train the others by themselves.");

        try
        {
            using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(request.Taxonomy.Count, DrawWeights: false));
            WeightsReport report = WeightsLoader.Load(network, path, new WeightsOptions(architecture, FineTuning: true));
            using FileStream stream = File.OpenRead(path);
            return new InitialWeights(
                Convert.ToHexStringLower(SHA256.HashData(stream)),
                report.Keys.Count(key => key.Outcome is WeightsOutcome.Loaded or WeightsOutcome.Adapted or WeightsOutcome.Resized),
                report.KeysOf(WeightsOutcome.Replaced));
        }
        catch (WeightsException exception)
        {
            throw new TrainingException(exception.Message, exception);
        }
    }

    private static TrainingReport Train(
        TrainingRequest request,
        InitialWeights? initialWeights,
        TileDataset training,
        TileDataset? evaluation,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        int threadsBefore = get_num_threads();
        set_num_threads(request.Threads);
        try
        {
            Device trainingDevice = device(cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU);
            int classCount = request.Taxonomy.Count;
            int[] folds = IterativeStratification.Assign(training.Labels, request.Folds, StratificationOrder, request.Seed);
            var trainer = new FoldTrainer(training, classCount, request.Recipe, request.Seed, trainingDevice, request.HalfPrecisionWeights, request.InitialWeightsFile, request.CheckpointSteps);
            var validation = new CrossValidation(training, classCount, trainer);
            CrossValidationResult[] results =
            [
                .. request.Architectures.Select(architecture =>
                    validation.Run(
                        architecture,
                        folds,
                        fold => WeightsFile(request, architecture, fold),
                        fold => new CheckpointFolder(Path.Combine(CheckpointsFolder(request), $"{architecture}-fold{fold}")),
                        progress,
                        cancellationToken)),
            ];
            Release release = Publish(request);
            AveragePrecisionReport? precision = evaluation is null ? null : Evaluate(request, release, evaluation, trainingDevice, progress, cancellationToken);
            TrainingReport report = Report(request, initialWeights, training, evaluation, results, precision);
            File.WriteAllText(Path.Combine(request.OutputFolder, $"{request.ReleaseName}.md"), report.ToMarkdown());
            File.WriteAllBytes(Path.Combine(request.OutputFolder, $"{request.ReleaseName}.report.json"), JsonSerializer.SerializeToUtf8Bytes(report, CloudPipeJson.Indented));
            Directory.Delete(CheckpointsFolder(request), recursive: true);
            return report;
        }
        finally
        {
            set_num_threads(threadsBefore);
        }
    }

    private static string WeightsName(TrainingRequest request, string architecture, int fold) => $"{request.ReleaseName}/{architecture}-fold{fold}.safetensors";

    private static string WeightsFile(TrainingRequest request, string architecture, int fold) => Path.Combine(request.OutputFolder, WeightsName(request, architecture, fold));

    private static string CheckpointsFolder(TrainingRequest request) => Path.Combine(request.OutputFolder, $"{request.ReleaseName}.checkpoints");

    private static Release Publish(TrainingRequest request)
    {
        // Architectures count alike until a run has shown which is worth more.
        double weight = 1.0 / request.Architectures.Count;
        Member[] members =
        [
            .. request.Architectures.SelectMany(architecture => Enumerable.Range(0, request.Folds).Select(fold =>
                new Member(architecture, fold, WeightsName(request, architecture, fold), request.TileSize, weight) { Method = request.Recipe.MemberMethod() })),
        ];
        var release = new Release(
            request.ReleaseName,
            request.Taxonomy,
            request.Grid,
            request.SegmentSeconds,
            request.Recipe.Mean,
            request.Recipe.StandardDeviation,
            members,
            new PostProcessing());
        File.WriteAllBytes(Path.Combine(request.OutputFolder, $"{request.ReleaseName}.json"), JsonSerializer.SerializeToUtf8Bytes(release, CloudPipeJson.Indented));
        return release;
    }

    // The ensemble as it will score: folds averaged, architectures averaged by weight; the rule for the normal class left out,
    // as it replaces probabilities by verdicts and average precision ranks probabilities.
    private static AveragePrecisionReport Evaluate(
        TrainingRequest request,
        Release release,
        TileDataset evaluation,
        Device scoringDevice,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var method = Method.Of(request.Recipe, evaluation.Header);
        var scorer = new TileScorer(evaluation, method, request.Recipe.BatchSize, scoringDevice);
        int[] clips = [.. Enumerable.Range(0, evaluation.Count)];
        double[][] average = [.. clips.Select(_ => new double[release.Taxonomy.Count])];
        for (int i = 0; i < release.Members.Count; i++)
        {
            Member member = release.Members[i];
            progress?.Report(new TrainingProgress("evaluating", i + 1, release.Members.Count, $"{member.Architecture} fold {member.Fold + 1}/{request.Folds}"));
            using nn.Module<Tensor, Tensor> network = method.CreateNetwork(ModelCatalog.Create, member.Architecture, new ModelOptions(release.Taxonomy.Count, DrawWeights: false));
            WeightsLoader.Load(network, Path.Combine(request.OutputFolder, member.Weights));
            double[][] probabilities = scorer.Score(network.to(scoringDevice), clips, cancellationToken);
            for (int clip = 0; clip < average.Length; clip++)
            {
                for (int c = 0; c < release.Taxonomy.Count; c++)
                    average[clip][c] += member.Weight / request.Folds * probabilities[clip][c];
            }
        }

        return AveragePrecision.Report(average, evaluation.Labels, release.Taxonomy.Count);
    }

    private static TrainingReport Report(
        TrainingRequest request,
        InitialWeights? initialWeights,
        TileDataset training,
        TileDataset? evaluation,
        CrossValidationResult[] results,
        AveragePrecisionReport? precision)
    {
        ClassScore[] classes =
        [
            .. request.Taxonomy.Classes.Select((entry, index) => new ClassScore(
                index,
                entry.Code,
                entry.Name,
                results[0].Precision.Classes[index].Positives,
                [.. results.Select(result => result.Precision.Classes[index].Value)],
                precision?.Classes[index].Positives,
                precision?.Classes[index].Value)),
        ];
        var skipped = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string reason) in training.Header.Skipped.Concat(evaluation?.Header.Skipped ?? new Dictionary<string, string>()))
            skipped[name] = reason;

        return new TrainingReport(
            request.ReleaseName,
            request.Architectures,
            request.Folds,
            request.Seed,
            request.Threads,
            request.Grid,
            request.TileSize,
            request.Recipe,
            training.Count,
            training.ComputeHash(),
            evaluation?.Count,
            skipped,
            [.. results.Select(result => result.Precision.Macro)],
            precision?.Macro,
            classes,
            [.. results.SelectMany(result => result.Folds).Select(fold => new FoldHistory(
                fold.Task.Architecture,
                fold.Task.FoldIndex,
                fold.KeptEpoch,
                Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(fold.Task.WeightsPath))),
                fold.Epochs))],
            initialWeights);
    }
}
