using CloudPipe.GpuWorker.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>Scores clips of a dataset with a network, by its method.</summary>
internal sealed class TileScorer(TileDataset dataset, Method method, int batchSize, Device device)
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
            Tensor logits = method.Logits(network, method.Build(batcher.Tiles(batch, method.ScoredFrames(batch.Length)), device));
            double[] flat = [.. method.Pool(logits.to_type(ScalarType.Float64).sigmoid(), batch.Length).cpu().data<double>()];
            rows.AddRange(flat.Chunk(flat.Length / batch.Length));
        }

        return [.. rows];
    }
}
