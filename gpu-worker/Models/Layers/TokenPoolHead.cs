using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>The mean of all tokens, then a linear layer: <c>[N, L, C]</c> to <c>[N, classes]</c>.</summary>
internal sealed class TokenPoolHead : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> fc;

    public TokenPoolHead(int width, int classCount)
        : base(nameof(TokenPoolHead))
    {
        fc = LinearClassifier.Create(width, classCount);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return fc.call(input.mean([1])).MoveToOuterDisposeScope();
    }
}
