using System.Text.Json;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Models.Layers;
using CloudPipe.GpuWorker.Tests.Parity;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class MlDecoderTests
{
    [ParityFact("models/ml_decoder@groups5.json", "models/ml_decoder@classes130.json")]
    public void Head_is_the_reference_for_any_number_of_classes_and_groups()
    {
        foreach (string name in new[] { "ml_decoder@groups5", "ml_decoder@classes130" })
        {
            JsonElement reference = ParityModel.Read(name);
            JsonElement arguments = reference.GetProperty("kwargs");
            int groups = arguments.GetProperty("num_of_groups").GetInt32();
            using var head = new MlDecoder(
                arguments.GetProperty("initial_num_features").GetInt32(),
                arguments.GetProperty("num_classes").GetInt32(),
                drawWeights: false,
                groups < 0 ? 100 : groups,
                arguments.GetProperty("decoder_embedding").GetInt32());
            ModelParityTests.Compare(head, reference);
        }
    }

    // Names, queries and classes a query with 17 and with 1000 classes; timm never has more than 100 queries.
    [Theory]
    [InlineData(17, 17, 1)]
    [InlineData(1000, 100, 10)]
    public void Any_network_takes_the_head_by_its_suffix(int classCount, long queries, long classesPerQuery)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto+ml_decoder", new ModelOptions(classCount, DrawWeights: false));
        Dictionary<string, Tensor> state = network.state_dict();

        Assert.Equal([queries, 768, classesPerQuery], state["head.duplicate_pooling"].shape);
        Assert.Equal([768, 320], state["head.embed_standart.weight"].shape);
        Assert.DoesNotContain(state.Keys, key => key.StartsWith("head.fc", StringComparison.Ordinal));
        Assert.Equal(["head.query_embed.weight"], network.named_parameters().Where(entry => !entry.parameter.requires_grad).Select(entry => entry.name));
    }

    [Fact]
    public void Training_moves_all_but_the_queries()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto+ml_decoder", new ModelOptions(17, LayerScaleInitialValue: 1));
        Tensor input = FormulaFill.Input("input", [2, 3, 64, 64]);

        network.call(input).square().mean().backward();

        Assert.All(network.named_parameters(), entry => Assert.Equal(entry.parameter.requires_grad, entry.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>()));
        Assert.False(network.call(input).eq(network.call(input)).all().item<bool>()); // dropout
    }

    [Fact]
    public void Fresh_weights_are_drawn_as_pytorch_draws_them()
    {
        using DisposeScope scope = NewDisposeScope();
        using var head = new MlDecoder(inputWidth: 512, classCount: 200, drawWeights: true);
        Dictionary<string, Tensor> state = head.state_dict();

        Assert.Equal(1 / Math.Sqrt(3 * 512), state["embed_standart.weight"].std().item<float>(), 1e-4);
        Assert.Equal(1, state["query_embed.weight"].std().item<float>(), 0.02);
        Assert.Equal(Math.Sqrt(2.0 / (4 * 768)), state["decoder.layers.0.multihead_attn.in_proj_weight"].std().item<float>(), 1e-4);
        Assert.Equal(Math.Sqrt(2.0 / ((768 + 100) * 2)), state["duplicate_pooling"].std().item<float>(), 1e-3);
        Assert.Equal(0, state["decoder.layers.0.multihead_attn.out_proj.bias"].abs().max().item<float>());
    }

    [Fact]
    public void Scoring_leaves_no_tensor_behind()
    {
        using var head = new MlDecoder(inputWidth: 64, classCount: 17, drawWeights: true);
        head.eval();
        using Tensor input = FormulaFill.Input("input", [2, 64, 3, 3]);
        long before = LiveTensors.CountSettled();
        for (int i = 0; i < 3; i++)
        {
            using var inference = inference_mode();
            using Tensor logits = head.call(input);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData("convnext_base+mldecoder", "convnext_base+ml_decoder")]
    [InlineData("convnext_bas+ml_decoder", "convnext_base+ml_decoder")]
    public void A_mistyped_suffix_is_answered_with_near_names(string wrong, string near)
    {
        Assert.False(ModelCatalog.Contains(wrong));
        var exception = Assert.Throws<UnknownArchitectureException>(() => ModelCatalog.Create(wrong, new ModelOptions(17)));

        Assert.Contains(near, exception.Message, StringComparison.Ordinal);
    }
}
