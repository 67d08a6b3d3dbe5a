using System.Globalization;
using System.Text.Json;
using CloudPipe.Folds;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Labels;
using CloudPipe.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Ablation;

/// <summary>One training, of one fold with one seed, and what it says of the held-out clips.</summary>
/// <param name="Variant">The variant's name.</param>
/// <param name="Seed">Decides everything random.</param>
/// <param name="Fold">The fold that it does not see.</param>
internal sealed record AblationCell(string Variant, int Seed, int Fold)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static AblationCell Parse(string text) => text.Split(' ') is [var variant, var seed, var fold]
        ? new(variant, int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(fold, CultureInfo.InvariantCulture))
        : throw new FormatException($"'{text}' names no training.");

    /// <summary>Where its predictions are kept.</summary>
    public string FileIn(string work) => Path.Combine(work, "cells", string.Create(CultureInfo.InvariantCulture, $"{Variant}-seed{Seed}-fold{Fold}.json"));

    /// <summary>Trains and scores; the file appears whole or not at all.</summary>
    public async Task RunAsync(AblationSettings settings)
    {
        AblationVariant variant = AblationPlan.Variants(settings.Recipe).Single(known => known.Name == Variant);
        var data = new AblationData(settings.Clips, settings.Work, settings.TileSize);
        int classCount = QvPipeTaxonomy.Taxonomy.Count;
        string weights = Path.ChangeExtension(FileIn(settings.Work), ".safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(weights)!);
        using (TileDataset training = await data.OpenAsync("train", variant.Cut))
        {
            int[] folds = IterativeStratification.Assign(training.Labels, AblationPlan.Folds, 1, Seed);
            int[] clips = [.. Enumerable.Range(0, training.Count)];
            var task = new FoldTask(settings.Architecture, Fold, [.. clips.Where(clip => folds[clip] != Fold)], [.. clips.Where(clip => folds[clip] == Fold)], weights);
            new FoldTrainer(training, classCount, variant.Recipe, Seed, CPU, halfPrecisionWeights: false).Train(task, CancellationToken.None);
        }

        var predictions = new Dictionary<string, double[][]>();
        foreach (AblationMeasure measure in AblationMeasure.Of(variant))
        {
            using TileDataset heldOut = await data.OpenAsync("heldout", measure.Cut ?? variant.Cut);
            var method = Method.Of(measure.Apply(variant.Recipe), heldOut.Header);
            using nn.Module<Tensor, Tensor> network = method.CreateNetwork(ModelCatalog.Create, settings.Architecture, new ModelOptions(classCount, DrawWeights: false));
            WeightsLoader.Load(network, weights);
            var scorer = new TileScorer(heldOut, method, variant.Recipe.BatchSize, CPU);
            predictions[measure.Name] = scorer.Score(network, [.. Enumerable.Range(0, heldOut.Count)], CancellationToken.None, measure.Augmentation);
        }

        string partial = FileIn(settings.Work) + ".partial";
        await File.WriteAllBytesAsync(partial, JsonSerializer.SerializeToUtf8Bytes(predictions, CloudPipeJson.Options));
        File.Move(partial, FileIn(settings.Work), overwrite: true);
        File.Delete(weights);
    }

    /// <summary>Its predictions by the measures' names, one row a held-out clip.</summary>
    public IReadOnlyDictionary<string, double[][]> Read(string work) =>
        JsonSerializer.Deserialize<Dictionary<string, double[][]>>(File.ReadAllBytes(FileIn(work)), CloudPipeJson.Options)!;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Variant} {Seed} {Fold}");
}
