using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>Attention among tokens <c>[N, L, C]</c>, then a multilayer perceptron of each, both beside a shortcut and after a norm.</summary>
internal sealed class FeatureMemoryBlock : nn.Module<Tensor, Tensor>
{
    // The papers': the hidden layer of the perceptron is four times as wide.
    private const int Expansion = 4;

    private readonly LayerNorm norm1;
    private readonly CrossAttention attn;
    private readonly LayerNorm norm2;
    private readonly Linear linear1;
    private readonly Linear linear2;

    public FeatureMemoryBlock(int width, int attentionHeads)
        : base(nameof(FeatureMemoryBlock))
    {
        norm1 = nn.LayerNorm(width);
        attn = new CrossAttention(width, attentionHeads, dropoutRate: 0);
        norm2 = nn.LayerNorm(width);
        linear1 = nn.Linear(width, Expansion * width);
        linear2 = nn.Linear(Expansion * width, width);
        RegisterComponents();
    }

    public void DrawWeights() => attn.DrawWeights();

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor normed = norm1.call(input);
        Tensor attended = input.add(attn.call(normed, normed));
        Tensor hidden = nn.functional.gelu(linear1.call(norm2.call(attended)));
        return attended.add(linear2.call(hidden)).MoveToOuterDisposeScope();
    }
}
