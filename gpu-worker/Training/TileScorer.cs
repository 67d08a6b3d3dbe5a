using CloudPipe.GpuWorker.SuperImages;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>Scores clips of a dataset with a network.</summary>
internal sealed class TileScorer(TileDataset dataset, SuperImageBuilder superImages, int batchSize, Device device)
{
    private readonly TileBatcher batcher = new(dataset, classCount: 0);

    /// <summary>Probabilities, one row a clip.</summary>
    public double[][] Score(nn.Module<Tensor, Tensor> network, IReadOnlyList<int> clips, CancellationToken cancellationToken)
    {
        var rows = new List<double[]>(clips.Count);
        network.eval();
        using var inference = inference_mode();
        foreach (int[] batch in clips.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor logits = network.call(superImages.Build(batcher.Tiles(batch), device));
            double[] flat = [.. logits.to_type(ScalarType.Float64).sigmoid().cpu().data<double>()];
            rows.AddRange(flat.Chunk(flat.Length / batch.Length));
        }

        return [.. rows];
    }
}
