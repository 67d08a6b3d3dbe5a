using System.Security.Cryptography;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Runs;

namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>A hash of all that decides a fold's weights: a checkpoint of another identity would lead elsewhere.</summary>
internal static class FoldIdentity
{
    public static string Of(FoldTask task, TileDatasetHeader dataset, TrainingRecipe recipe, int seed, string? initialWeightsFile)
    {
        string? initialWeights = null;
        if (initialWeightsFile is not null)
        {
            using FileStream stream = File.OpenRead(initialWeightsFile);
            initialWeights = Convert.ToHexStringLower(SHA256.HashData(stream));
        }

        var parts = new
        {
            task.Architecture,
            task.FoldIndex,
            task.TrainingClips,
            task.ValidationClips,
            dataset.Fingerprint,
            dataset.Grid,
            dataset.TileSize,
            recipe,
            seed,
            initialWeights,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parts, CloudPipeJson.Options)));
    }
}
