using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// A block that keeps its input alone, and is computed again when its gradients are asked for: memory for time. Chen, Xu,
/// Zhang, Guestrin: Training Deep Nets with Sublinear Memory Cost, 2016, https://arxiv.org/abs/1604.06174. The second
/// computation draws the same random numbers and leaves running averages as the first did.
/// </summary>
internal sealed class RecomputedBlock : autograd.SingleTensorFunction<RecomputedBlock>
{
    private const string BlockKey = "block";
    private const string PassKey = "pass";
    private const string ParametersKey = "parameters";

    // Arguments of the function before its tensors.
    private const int LeadingArguments = 2;

    public override string Name => nameof(RecomputedBlock);

    public static Tensor Call(nn.Module<Tensor, Tensor> block, Tensor input, RecomputedPass pass)
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter[] parameters = [.. block.parameters().Where(parameter => parameter.requires_grad)];
        return apply([block, pass, input, .. parameters]).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var block = (nn.Module<Tensor, Tensor>)vars[0];
        var input = (Tensor)vars[LeadingArguments];
        ctx.save_data(BlockKey, block);
        ctx.save_data(PassKey, vars[1]);
        ctx.save_data(ParametersKey, vars.Skip(LeadingArguments + 1).Cast<Tensor>().ToArray());
        ctx.save_for_backward([input, get_rng_state()]);
        return block.call(input);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var block = (nn.Module<Tensor, Tensor>)ctx.get_data(BlockKey)!;
        var pass = (RecomputedPass)ctx.get_data(PassKey)!;
        var parameters = (Tensor[])ctx.get_data(ParametersKey)!;
        pass.Release();

        using DisposeScope scope = NewDisposeScope();
        List<Tensor> saved = ctx.get_saved_variables();
        Tensor input = saved[0].detach().requires_grad_();
        (Tensor Buffer, Tensor Before)[] buffers = [.. block.buffers().Select(buffer => (buffer, buffer.clone()))];
        IList<Tensor> gradients;
        using (enable_grad())
        {
            Tensor output = Recompute(block, input, saved[1]);
            gradients = autograd.grad([output], [input, .. parameters], [grad_output]);
        }

        foreach ((Tensor buffer, Tensor before) in buffers)
            buffer.copy_(before);

        // It would live as long as the scope around the whole backward pass.
        grad_output.Dispose();
        pass.HandOver([.. gradients.Select(gradient => gradient.MoveToOuterDisposeScope())]);
        return [.. Enumerable.Repeat<Tensor>(null!, LeadingArguments), .. gradients];
    }

    private static Tensor Recompute(nn.Module<Tensor, Tensor> block, Tensor input, Tensor generatorState)
    {
        Tensor now = get_rng_state();
        set_rng_state(generatorState);
        try
        {
            return block.call(input);
        }
        finally
        {
            set_rng_state(now);
        }
    }
}
