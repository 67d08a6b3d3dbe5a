using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.GpuWorker.Weights.Naming;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Weights;

[Collection(TorchCollection.Name)]
public sealed class WeightsLoaderTests : IDisposable
{
    private const string Architecture = "convnext_atto";

    private static readonly WeightsOptions FineTuning = new(Architecture, FineTuning: true);

    private readonly TemporaryFolder folder = new();

    private string FilePath => folder.File("w.safetensors");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Half_precision_weights_load_into_a_float32_network(ScalarType type)
    {
        using nn.Module<Tensor, Tensor> source = Network(3);
        using nn.Module<Tensor, Tensor> target = Network(3);
        SafetensorsWriter.Write(FilePath, source.state_dict(), floatType: type);

        WeightsReport report = WeightsLoader.Load(target, FilePath);

        Assert.True(report.IsComplete);
        using DisposeScope scope = NewDisposeScope();
        foreach ((string key, Tensor expected) in source.state_dict())
        {
            Tensor actual = target.state_dict()[key];
            Assert.Equal(ScalarType.Float32, actual.dtype);
            Assert.True(expected.to_type(type).to_type(ScalarType.Float32).eq(actual).all().item<bool>(), key);
        }
    }

    [Fact]
    public void Tables_of_relative_positions_are_resized_to_smaller_windows()
    {
        const string Swin = "swin_tiny_patch4_window7_224";
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> source = ModelCatalog.Create(Swin, new ModelOptions(3));
        using nn.Module<Tensor, Tensor> target = ModelCatalog.Create(Swin, new ModelOptions(3, InputSize: new(96, 160)));
        SafetensorsWriter.Write(FilePath, source.state_dict());

        WeightsReport report = WeightsLoader.Load(target, FilePath, new WeightsOptions(Swin, FineTuning: true));

        // 96×160 pixels are 6×10 tokens in the third stage and 3×5 in the last, less than a window of 7×7.
        Assert.Equal(8, report.KeysOf(WeightsOutcome.Resized).Count());
        const string Table = "layers.3.blocks.1.attn.relative_position_bias_table";
        using Tensor expected = RelativePositionTable.Resize(source.state_dict()[Table], new TokenSize(3, 5));
        Assert.True(expected.eq(target.state_dict()[Table]).all().item<bool>());
        Assert.Throws<WeightsException>(() => WeightsLoader.Load(target, FilePath, new WeightsOptions(Swin)));
    }

    [Fact]
    public void What_does_not_fit_is_named_and_the_network_stays_as_it_was()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Network(3);
        Dictionary<string, Tensor> state = network.state_dict();
        state.Remove("stem.0.bias");
        state["extra"] = ones(1);
        state["head.fc.weight"] = ones(5, 320);
        state["stem.1.weight"] = zeros(40);
        SafetensorsWriter.Write(FilePath, state);

        var exception = Assert.Throws<WeightsException>(() => WeightsLoader.Load(network, FilePath));

        foreach (string expected in new[] { "w.safetensors", "stem.0.bias", "extra", "'head.fc.weight' is [5, 320] in the file and [3, 320] in the network" })
            Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Equal(40, network.state_dict()["stem.1.weight"].sum().item<float>());

        using WeightsFile file = WeightsFile.Open(FilePath);
        WeightsReport report = WeightsLoader.Compare(network, file, new WeightsOptions());
        Assert.Equal(["stem.0.bias"], report.KeysOf(WeightsOutcome.Missing));
        Assert.Equal(["extra"], report.KeysOf(WeightsOutcome.Unexpected));
        Assert.Equal(["head.fc.weight"], report.KeysOf(WeightsOutcome.OtherShape));
    }

    [Fact]
    public void Loading_leaves_no_tensor_behind()
    {
        using nn.Module<Tensor, Tensor> network = Network(3);
        SafetensorsWriter.Write(FilePath, network.state_dict(), floatType: ScalarType.Float16);
        long before = LiveTensors.CountSettled();

        WeightsLoader.Load(network, FilePath);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Fine_tuning_keeps_the_drawn_classifier_where_classes_differ()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> source = Network(1000);
        using nn.Module<Tensor, Tensor> target = Network(17);
        float drawn = target.state_dict()["head.fc.weight"].sum().item<float>();
        SafetensorsWriter.Write(FilePath, source.state_dict());

        WeightsReport report = WeightsLoader.Load(target, FilePath, FineTuning);

        Assert.Equal(["head.fc.weight", "head.fc.bias"], report.KeysOf(WeightsOutcome.Replaced));
        Assert.Equal(report.Keys.Count - 2, report.KeysOf(WeightsOutcome.Loaded).Count);
        Assert.Equal(drawn, target.state_dict()["head.fc.weight"].sum().item<float>());
        Assert.True(source.state_dict()["stem.0.weight"].eq(target.state_dict()["stem.0.weight"]).all().item<bool>());
    }

    [Fact]
    public void Fine_tuning_refuses_a_backbone_that_would_stay_random()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Network(17);
        using nn.Module<Tensor, Tensor> other = ModelCatalog.Create("convnext_femto", new ModelOptions(17));
        SafetensorsWriter.Write(FilePath, other.state_dict());

        var exception = Assert.Throws<WeightsException>(() => WeightsLoader.Load(network, FilePath, FineTuning));

        Assert.Contains("'stem.0.weight' is [48, 3, 4, 4] in the file and [40, 3, 4, 4] in the network", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replaced_layer_is_replaced_as_a_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Network(17);
        Dictionary<string, Tensor> state = network.state_dict();
        state["head.fc.weight"] = ones(17, 8);
        SafetensorsWriter.Write(FilePath, state);

        Assert.Equal(["head.fc.weight", "head.fc.bias"], WeightsLoader.Load(network, FilePath, FineTuning).KeysOf(WeightsOutcome.Replaced));
    }

    [Fact]
    public void Names_of_torchvision_are_recognised_and_layer_scale_is_reshaped()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> source = Network(17);
        using nn.Module<Tensor, Tensor> target = Network(17);
        SafetensorsWriter.Write(FilePath, source.state_dict().Select(entry => KeyValuePair.Create(
            KeyNaming.ToTorchvision(Architecture, entry.Key)!,
            entry.Key.EndsWith("gamma", StringComparison.Ordinal) ? entry.Value.detach().reshape(-1, 1, 1) : entry.Value)));

        WeightsReport report = WeightsLoader.Load(target, FilePath, new WeightsOptions(Architecture));

        Assert.Equal(WeightsNaming.Torchvision, report.Naming);
        Assert.True(report.IsComplete);
        foreach ((string key, Tensor expected) in source.state_dict())
            Assert.True(expected.eq(target.state_dict()[key]).all().item<bool>(), key);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 3)]
    [InlineData(6, 3)]
    [InlineData(16, 48)]
    public void The_first_convolution_is_fitted_to_other_channels_as_timm_does(int channels, int found)
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new OneConvolution(channels);
        Tensor weight = arange(2 * found, dtype: ScalarType.Float32).reshape(2, found, 1, 1);
        SafetensorsWriter.Write(FilePath, new Dictionary<string, Tensor> { ["conv.weight"] = weight });

        WeightsReport report = WeightsLoader.Load(network, FilePath, new WeightsOptions(FineTuning: true));

        Assert.Equal(["conv.weight"], report.KeysOf(WeightsOutcome.Adapted));
        float[] actual = [.. network.state_dict()["conv.weight"].data<float>()];
        for (int output = 0; output < 2; output++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                // adapt_input_conv: triples are summed for grey pictures, else repeated and scaled by 3 / channels.
                float[] row = [.. Enumerable.Range(output * found, found)];
                float expected = channels * 3 == found ? row[(3 * channel)..((3 * channel) + 3)].Sum() : row[channel % 3] * 3 / channels;
                Assert.Equal(expected, actual[(output * channels) + channel], 1e-5f);
            }
        }
    }

    [Fact]
    public void A_first_convolution_that_timm_cannot_fit_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new OneConvolution(3);
        SafetensorsWriter.Write(FilePath, new Dictionary<string, Tensor> { ["conv.weight"] = ones(2, 4, 1, 1) });

        Assert.Throws<WeightsException>(() => WeightsLoader.Load(network, FilePath, new WeightsOptions(FineTuning: true)));
    }

    [Fact]
    public void A_head_below_decoder_as_its_authors_have_it_is_loaded()
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new GroupBias();
        SafetensorsWriter.Write(FilePath, new Dictionary<string, Tensor> { ["decoder.duplicate_pooling_bias"] = ones(4) });

        Assert.True(WeightsLoader.Load(network, FilePath).IsComplete);
        Assert.Equal(4, network.state_dict()["duplicate_pooling_bias"].sum().item<float>());
    }

    [Fact]
    public void What_is_computed_from_the_architecture_is_not_unexpected()
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new OneConvolution(3);
        SafetensorsWriter.Write(FilePath, new Dictionary<string, Tensor> { ["conv.weight"] = ones(2, 3, 1, 1), ["layers.0.attn.relative_position_index"] = ones(4, dtype: ScalarType.Int64) });

        Assert.True(WeightsLoader.Load(network, FilePath).IsComplete);
    }

    private static nn.Module<Tensor, Tensor> Network(int classes) => ModelCatalog.Create(Architecture, new ModelOptions(classes));

    private sealed class OneConvolution : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d conv;

        public OneConvolution(int channels)
            : base(nameof(OneConvolution))
        {
            conv = nn.Conv2d(channels, 2, kernel_size: 1, bias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => conv.call(input);
    }

    private sealed class GroupBias : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter duplicate_pooling_bias = new(zeros(4));

        public GroupBias()
            : base(nameof(GroupBias)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input + duplicate_pooling_bias;
    }
}
