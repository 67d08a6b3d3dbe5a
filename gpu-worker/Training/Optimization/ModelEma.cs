using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>
/// A moving average of a network's weights, which scores better than the last weights themselves. After
/// <c>timm/utils/model_ema.py</c> (ModelEmaV2): every tensor of the state is averaged, buffers too; whole numbers are cut off.
/// </summary>
public sealed class ModelEma : IDisposable
{
    private readonly double decay;
    private readonly bool warmUp;

    /// <summary>Starts the average at a network's weights.</summary>
    /// <param name="source">The network in training.</param>
    /// <param name="average">Another network of the same architecture, which takes the average and is disposed with this object.</param>
    /// <param name="decay">The part of itself that the average keeps at each update, 0..1.</param>
    /// <param name="warmUp">Whether early updates keep less, (1 + t) / (10 + t), so that the random start is soon forgotten (as TensorFlow's ExponentialMovingAverage does).</param>
    public ModelEma(nn.Module source, nn.Module<Tensor, Tensor> average, double decay, bool warmUp = false)
    {
        this.decay = decay;
        this.warmUp = warmUp;
        Network = average;
        Network.eval();
        using var noGrad = no_grad();
        foreach ((Tensor mean, Tensor current) in Pairs(source))
            mean.copy_(current);
    }

    /// <summary>How often weights were taken in; set to go on where another average left off.</summary>
    public long Updates { get; set; }

    /// <summary>The network with the averaged weights, in evaluation mode.</summary>
    public nn.Module<Tensor, Tensor> Network { get; }

    /// <summary>Takes the network's weights into the average; call it after each step of the optimizer.</summary>
    /// <param name="source">The network in training.</param>
    public void Update(nn.Module source)
    {
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        double keep = warmUp ? Math.Min(decay, (1.0 + Updates) / (10.0 + Updates)) : decay;
        Updates++;
        foreach ((Tensor mean, Tensor current) in Pairs(source))
        {
            if (mean.is_floating_point())
                mean.mul_(keep).add_(current, 1 - keep);
            else
                mean.copy_((mean * keep) + (current * (1 - keep)));
        }
    }

    /// <summary>Frees the averaged network.</summary>
    public void Dispose() => Network.Dispose();

    private IEnumerable<(Tensor Mean, Tensor Current)> Pairs(nn.Module source)
    {
        Dictionary<string, Tensor> current = source.state_dict();
        return Network.state_dict().Select(entry => (entry.Value, current[entry.Key]));
    }
}
