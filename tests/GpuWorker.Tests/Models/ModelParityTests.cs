using System.Text.Json;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using CloudPipe.GpuWorker.Weights.Naming;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

/// <summary>Every network of the catalog that the reference numbers cover: same keys, same shapes, same function.</summary>
[Collection(TorchCollection.Name)]
public sealed class ModelParityTests
{
    public static TheoryData<string> SmallNetworks() => [.. ParityModel.Names(large: false)];

    public static TheoryData<string> LargeNetworks() => [.. ParityModel.Names(large: true)];

    [ParityModelTheory(large: false)]
    [MemberData(nameof(SmallNetworks))]
    public void Network_is_the_reference(string name) => Compare(name);

    [ParityModelTheory(large: true)]
    [MemberData(nameof(LargeNetworks))]
    [Trait("Category", "Long")]
    public void Large_network_is_the_reference(string name) => Compare(name);

    /// <summary>Compares a network, or a part of one that has a reference file of its own.</summary>
    internal static void Compare(nn.Module<Tensor, Tensor> network, JsonElement reference) => Compare(network, reference, ReferenceNames.Same);

    private static void Compare(nn.Module<Tensor, Tensor> network, JsonElement reference, ReferenceNames names)
    {
        network.eval();

        CheckState(network, reference, names);
        FormulaFill.Network(network, reference.GetProperty("fill"), names.Of, Shapes(reference));
        foreach (JsonElement testCase in reference.GetProperty("cases").EnumerateArray())
            CheckFloat32(network, testCase);

        network.to(ScalarType.Float64);
        foreach (JsonElement testCase in reference.GetProperty("cases").EnumerateArray())
            CheckFloat64(network, testCase, names);

        if (reference.TryGetProperty("gradient", out JsonElement gradient))
            CheckGradient(network, reference, gradient, names);
    }

    private static void Compare(string name)
    {
        JsonElement reference = ParityModel.Read(name);
        ReferenceNames names = ReferenceNames.For(name);
        string architecture = ParityModel.Architecture(name);
        ModelOptions options = ParityModel.Options(reference);
        using (nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, options))
            Compare(network, reference, names);

        if (architecture.EndsWith(ModelCatalog.MlDecoderSuffix, StringComparison.Ordinal)) // It reads every place, and pools none.
            return;

        using nn.Module<Tensor, Tensor> encoder = ModelCatalog.Create(architecture, options with { ClassCount = 0 });
        ComparePooledFeatures(encoder, reference, names);
    }

    // A network without classes gives what the reference's classifier reads.
    private static void ComparePooledFeatures(nn.Module<Tensor, Tensor> encoder, JsonElement reference, ReferenceNames names)
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        encoder.eval();
        FormulaFill.Network(encoder, reference.GetProperty("fill"), names.Of, Shapes(reference));
        encoder.to(ScalarType.Float64);
        JsonElement testCase = reference.GetProperty("cases")[0];
        JsonElement expected = testCase.GetProperty("features").EnumerateArray().Single(feature => feature.GetProperty("name").GetString()!.EndsWith("<input>", StringComparison.Ordinal));

        CheckFeature(encoder.call(Input(testCase).to(ScalarType.Float64)), expected);
    }

    private static Dictionary<string, long[]> Shapes(JsonElement reference) =>
        reference.GetProperty("state").EnumerateArray().ToDictionary(entry => entry[0].GetString()!, entry => entry[1].Longs());

    private static void CheckState(nn.Module network, JsonElement reference, ReferenceNames names)
    {
        string[] expected =
        [
            .. reference.GetProperty("state").EnumerateArray()
                .Where(entry => !KeyNaming.IsDerived(entry[0].GetString()!))
                .Select(entry => $"{entry[0].GetString()} {names.Shape(entry[1].Longs())} {entry[2].GetString()}"),
        ];
        string[] actual = [.. NetworkState.Of(network).Select(entry => $"{names.Of(entry.Key)} {names.Shape(entry.Value.shape)} {entry.Value.dtype.ToString().ToLowerInvariant()}")];

        // Who has other names has another order too: torchvision's Swin reduces its norm's output, but lists the reduction first,
        // and its ConvNeXt lists a block's scale last.
        if (!names.KeepOrder)
        {
            Array.Sort(expected, StringComparer.Ordinal);
            Array.Sort(actual, StringComparer.Ordinal);
        }

        Assert.Equal(expected, actual);
        Assert.Equal(reference.GetProperty("parameter_count").GetInt64(), network.parameters().Sum(parameter => parameter.NumberOfElements));
        Assert.Equal(reference.GetProperty("trainable_parameter_count").GetInt64(), network.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements));
    }

    private static void CheckFloat32(nn.Module<Tensor, Tensor> network, JsonElement testCase)
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        double[] expected = testCase.GetProperty("output").Doubles();
        float[] actual = [.. network.call(Input(testCase)).data<float>()];
        double largest = expected.Max(Math.Abs);
        double tolerance = Math.Max(2e-6 * largest, 10 * testCase.GetProperty("f32_max_abs_diff").GetDouble());
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }

    private static void CheckFloat64(nn.Module<Tensor, Tensor> network, JsonElement testCase, ReferenceNames names)
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        JsonElement[] features = [.. testCase.GetProperty("features").EnumerateArray()];
        Func<string, string> ownName = names.Feature(network);
        using var capture = new FeatureCapture(network, features.Select(feature => ownName(feature.GetProperty("name").GetString()!)));
        double[] expected = testCase.GetProperty("output").Doubles();
        double[] actual = [.. network.call(Input(testCase).to(ScalarType.Float64)).data<double>()];
        double tolerance = 1e-9 * expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));

        foreach (JsonElement feature in features)
            CheckFeature(capture.Features[ownName(feature.GetProperty("name").GetString()!)], feature);
    }

    private static void CheckFeature(Tensor feature, JsonElement expected)
    {
        Assert.Equal(expected.GetProperty("shape").Longs(), feature.shape);
        double[] values = [.. feature.contiguous().data<double>()];
        double mean = values.Average();
        double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        double scale = Math.Abs(mean) + deviation;
        Assert.InRange(mean, expected.GetProperty("mean").GetDouble() - (1e-9 * scale), expected.GetProperty("mean").GetDouble() + (1e-9 * scale));
        Assert.InRange(deviation, expected.GetProperty("std").GetDouble() - (1e-9 * scale), expected.GetProperty("std").GetDouble() + (1e-9 * scale));

        // The single values are listed with nine digits.
        double[] spread = [.. Enumerable.Range(0, 16).Select(k => values[(long)Math.Floor(k * (values.LongLength - 1) / 15.0)])];
        foreach ((double listed, double actual) in expected.GetProperty("spread16").Doubles().Zip(spread).Concat(expected.GetProperty("first16").Doubles().Zip(values)))
            Assert.InRange(actual, listed - (1e-8 * scale) - (1e-8 * Math.Abs(listed)), listed + (1e-8 * scale) + (1e-8 * Math.Abs(listed)));
    }

    private static void CheckGradient(nn.Module<Tensor, Tensor> network, JsonElement reference, JsonElement gradient, ReferenceNames names)
    {
        using DisposeScope scope = NewDisposeScope();
        JsonElement testCase = reference.GetProperty("cases")[gradient.GetProperty("case").GetInt32()];
        Tensor loss = network.call(Input(testCase).to(ScalarType.Float64)).square().mean();
        loss.backward();
        Assert.Equal(gradient.GetProperty("loss_value").GetDouble(), loss.item<double>(), 1e-9);

        Dictionary<string, Tensor> gradients = network.named_parameters().ToDictionary(entry => names.Of(entry.name), entry => entry.parameter.grad!);
        JsonElement[] listed = [.. gradient.GetProperty("params").EnumerateArray()];
        double floor = 1e-5 * listed.Max(entry => entry.GetProperty("l2").GetDouble());
        foreach (JsonElement entry in listed)
        {
            Tensor actual = gradients[entry.GetProperty("key").GetString()!];
            double norm = entry.GetProperty("l2").GetDouble();
            Assert.InRange(actual.norm().item<double>(), norm - (1e-3 * norm) - floor, norm + (1e-3 * norm) + floor);
            double[] first = [.. actual.flatten().data<double>().Take(4)];
            Assert.All(entry.GetProperty("first4").Doubles().Zip(first), pair => Assert.InRange(pair.Second, pair.First - (1e-3 * norm) - floor, pair.First + (1e-3 * norm) + floor));
        }
    }

    private static Tensor Input(JsonElement testCase) =>
        FormulaFill.Input(testCase.GetProperty("input_seed_name").GetString()!, testCase.GetProperty("input_shape").Longs());
}
