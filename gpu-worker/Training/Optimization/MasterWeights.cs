using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>
/// Float32 weights, and the network that computes with them: the same network, or a bfloat16 copy of it. A step far smaller
/// than a weight is lost in bfloat16's 8 bits and kept in the master. Micikevicius et al., Mixed Precision Training, ICLR 2018,
/// https://arxiv.org/abs/1710.03740, section 3.1. In the copy batch norms stay float32, running averages and all.
/// </summary>
internal sealed class MasterWeights : IDisposable
{
    private readonly (Tensor Master, Tensor Copy)[] parameters = [];
    private readonly (Tensor Master, Tensor Copy)[] buffers = [];

    /// <param name="masters">The float32 network; disposed with this object.</param>
    /// <param name="copy">Another of the same architecture that becomes the bfloat16 one, disposed with this object; <see langword="null"/> computes with the masters.</param>
    public MasterWeights(nn.Module<Tensor, Tensor> masters, nn.Module<Tensor, Tensor>? copy = null)
    {
        Masters = masters;
        Network = masters;
        if (copy is null)
            return;

        Network = copy.to(ScalarType.BFloat16);
        foreach (nn.Module norm in copy.modules().Where(module => module is BatchNorm2d or BatchNormActivation))
            norm.to(ScalarType.Float32);

        parameters = [.. Masters.parameters().Zip(Network.parameters(), (master, own) => ((Tensor)master, (Tensor)own))];
        buffers = [.. Masters.buffers().Zip(Network.buffers())];
        Distribute(parameters);
        Distribute(buffers);
    }

    /// <summary>The float32 network: what the optimizer steps, averages follow and files hold.</summary>
    public nn.Module<Tensor, Tensor> Masters { get; }

    /// <summary>The network that computes.</summary>
    public nn.Module<Tensor, Tensor> Network { get; }

    /// <summary>What its input is to be converted to.</summary>
    public ScalarType InputType => ReferenceEquals(Masters, Network) ? ScalarType.Float32 : ScalarType.BFloat16;

    /// <summary>After a backward pass: adds its gradients to the masters', in float32, and drops them.</summary>
    public void CollectGradients()
    {
        using var noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((Tensor master, Tensor copy) in parameters)
        {
            if (copy.grad is not { } gradient)
                continue;

            if (master.grad is { } sum)
                sum.add_(gradient);
            else
                master.grad = gradient.to_type(ScalarType.Float32);

            copy.grad = null;
        }
    }

    /// <summary>After the optimizer's step: gives the copy the new weights, and takes over what its norms have averaged.</summary>
    public void Synchronize()
    {
        Distribute(parameters);
        Distribute(buffers.Select(pair => (pair.Copy, pair.Master)));
    }

    /// <summary>After the masters were set anew: gives the copy all of them.</summary>
    public void Distribute()
    {
        Distribute(parameters);
        Distribute(buffers);
    }

    public void Dispose()
    {
        if (!ReferenceEquals(Masters, Network))
            Network.Dispose();

        Masters.Dispose();
    }

    private static void Distribute(IEnumerable<(Tensor From, Tensor To)> pairs)
    {
        using var noGrad = no_grad();
        foreach ((Tensor from, Tensor to) in pairs)
            to.copy_(from);
    }
}
