using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>What each query finds in the tokens: <c>[N, L, C]</c> to <c>[Q, N, C]</c>.</summary>
internal sealed class QueryDecoder : nn.Module<Tensor, Tensor>
{
    // Not the parameter itself: torch would register it here too, and a move to another device replaces it.
    private readonly Func<Tensor> queries;
    private readonly ModuleList<QueryDecoderLayer> layers;

    public QueryDecoder(int width, Func<Tensor> queries)
        : base(nameof(QueryDecoder))
    {
        this.queries = queries;
        layers = new ModuleList<QueryDecoderLayer>(new QueryDecoderLayer(width));
        RegisterComponents();
    }

    public void DrawWeights()
    {
        foreach (QueryDecoderLayer layer in layers)
            layer.DrawWeights();
    }

    public override Tensor forward(Tensor tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor target = queries().unsqueeze(0); // [1, Q, C]: in evaluation what the layer does before it looks is the same for every image
        if (training)
            target = target.expand(tokens.shape[0], -1, -1); // [N, Q, C]: each image its own dropout

        foreach (QueryDecoderLayer layer in layers)
            target = layer.call(target, tokens);

        return target.transpose(0, 1).MoveToOuterDisposeScope();
    }
}
