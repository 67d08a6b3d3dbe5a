using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.SuperImages;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>Scores clips of a dataset with a network, by its method.</summary>
internal sealed class TileScorer(TileDataset dataset, Method method, int batchSize, Device device)
{
    private readonly TileBatcher batcher = new(dataset, classCount: 0);

    /// <summary>Probabilities, one row a clip; of several views their average.</summary>
    public double[][] Score(nn.Module<Tensor, Tensor> network, IReadOnlyList<int> clips, CancellationToken cancellationToken, TestTimeAugmentation? augmentation = null)
    {
        IReadOnlyList<SuperImageView> views = SuperImageView.Of(augmentation, dataset.Frames, dataset.Header.Grid * dataset.Header.Grid);
        var rows = new List<double[]>(clips.Count);
        network.eval();
        using var inference = inference_mode();
        foreach (int[] batch in clips.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor probabilities = Probabilities(network, batch, views[0]);
            foreach (SuperImageView view in views.Skip(1))
            {
                cancellationToken.ThrowIfCancellationRequested();
                probabilities.add_(Probabilities(network, batch, view));
            }

            double[] flat = [.. probabilities.div_(views.Count).cpu().data<double>()];
            rows.AddRange(flat.Chunk(flat.Length / batch.Length));
        }

        return [.. rows];
    }

    private Tensor Probabilities(nn.Module<Tensor, Tensor> network, int[] clips, SuperImageView view)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = method.Build(batcher.Tiles(clips, method.ScoredFrames(clips.Length), view), device);
        Tensor rows = method.Logits(network, images).to_type(ScalarType.Float64).sigmoid();
        return method.Pool(rows, clips.Length).MoveToOuterDisposeScope(); // [N, classes]
    }
}
