using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// A classification head in which a query a class, or a group of classes, attends to the features instead of a pool:
/// features <c>[N, C, H, W]</c> or tokens <c>[N, L, C]</c> to logits <c>[N, classes]</c>.
/// <para>
/// Ridnik, Sharir, Ben-Cohen, Ben-Baruch, Noy: ML-Decoder: Scalable and Versatile Classification Head, WACV 2023,
/// https://arxiv.org/abs/2111.12933. Reference: timm v1.0.28, <c>timm/layers/ml_decoder.py</c>.
/// </para>
/// </summary>
internal sealed class MlDecoder : nn.Module<Tensor, Tensor>, ICountedProducts
{
    private readonly int classCount;
    private readonly Parameter duplicate_pooling; // [groups, width, classes a group]
    private readonly Parameter duplicate_pooling_bias;
    private readonly TokenProjection embed_standart; // sic
    private readonly QueryDecoder decoder;
    private readonly ClassQueries query_embed;

    /// <param name="inputWidth">Channels of the features.</param>
    /// <param name="classCount">How many logits.</param>
    /// <param name="drawWeights">Whether the weights are drawn.</param>
    /// <param name="groupCount">How many queries share the classes, at most one each.</param>
    /// <param name="width">Channels of a query.</param>
    public MlDecoder(int inputWidth, int classCount, bool drawWeights, int groupCount = 100, int width = 768)
        : base(nameof(MlDecoder))
    {
        this.classCount = classCount;
        groupCount = Math.Min(groupCount, classCount);
        int groupSize = (classCount + groupCount - 1) / groupCount;
        duplicate_pooling = new Parameter(empty(groupCount, width, groupSize));
        duplicate_pooling_bias = new Parameter(zeros(classCount));
        embed_standart = new TokenProjection(inputWidth, width);
        query_embed = new ClassQueries(groupCount, width);
        decoder = new QueryDecoder(width, () => query_embed.WeightParameter);
        RegisterComponents();
        if (drawWeights)
            DrawWeights();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tokens = input.Dimensions == 4 ? input.flatten(2).transpose(1, 2) : input; // [N, H·W, C]
        Tensor queries = decoder.call(embed_standart.call(tokens).relu_()); // [groups, N, width]
        Tensor groups = queries.bmm(duplicate_pooling).transpose(0, 1); // [N, groups, classes a group]
        return groups.flatten(1).narrow(1, 0, classCount).add(duplicate_pooling_bias).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public double MultiplyAccumulates(Tensor input)
    {
        double images = input.shape[0];
        double tokens = input.Dimensions == 4 ? input.shape[2] * input.shape[3] : input.shape[1];
        (double groups, double width) = (duplicate_pooling.shape[0], duplicate_pooling.shape[1]);
        double projections = (groups + (2 * tokens)) * width * width; // queries; keys and values
        double attention = 2 * groups * tokens * width;
        return images * (projections + attention + duplicate_pooling.NumberOfElements);
    }

    private void DrawWeights()
    {
        using var noGrad = no_grad();

        // PyTorch's draw for a linear layer (kaiming uniform of √5) is uniform within 1/√inputs, weights and bias alike.
        double bound = 1 / Math.Sqrt(embed_standart.WeightParameter.shape[1]);
        nn.init.uniform_(embed_standart.WeightParameter, -bound, bound);
        nn.init.uniform_(embed_standart.BiasParameter, -bound, bound);
        nn.init.normal_(query_embed.WeightParameter);
        decoder.DrawWeights();

        // Glorot's normal distribution. Not by xavier_normal_: TorchSharp 0.106's is uniform.
        (long fanIn, long fanOut) = nn.init.CalculateFanInAndFanOut(duplicate_pooling);
        nn.init.normal_(duplicate_pooling, std: Math.Sqrt(2.0 / (fanIn + fanOut)));
    }
}
