using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// Stochastic depth: in training a sample's residual branch is dropped with a probability, and scaled up otherwise so
/// that its expectation stays. Huang et al., Deep Networks with Stochastic Depth, ECCV 2016, https://arxiv.org/abs/1603.09382.
/// </summary>
internal sealed class DropPath(double rate) : nn.Module<Tensor, Tensor>(nameof(DropPath))
{
    /// <summary>
    /// What is kept of a branch, to be changed in place: the branch itself where nothing is dropped. What the module gives then
    /// is a view, and autograd copies the whole gradient of a view that was changed, once for each change.
    /// </summary>
    public Tensor Keep(Tensor branch) => training && rate > 0 ? call(branch) : branch;

    public override Tensor forward(Tensor input)
    {
        if (!training || rate == 0)
            return input.alias();

        using DisposeScope scope = NewDisposeScope();
        double keep = 1 - rate;
        long[] shape = [input.shape[0], .. Enumerable.Repeat(1L, input.shape.Length - 1)]; // one draw a sample

        // Drawn on the CPU: one generator to reseed and to restore, whatever the device.
        Tensor mask = empty(shape, dtype: input.dtype).bernoulli_(keep).div_(keep);
        return input.mul(mask.to(input.device)).MoveToOuterDisposeScope();
    }
}
