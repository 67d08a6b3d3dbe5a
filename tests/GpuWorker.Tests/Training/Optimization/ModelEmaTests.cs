using System.Text.Json;
using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Optimization;

[Collection(TorchCollection.Name)]
public sealed class ModelEmaTests
{
    [Fact]
    public void Average_keeps_its_part_of_itself()
    {
        using nn.Module<Tensor, Tensor> source = nn.Linear(1, 1);
        Set(source, 1);
        using var ema = new ModelEma(source, nn.Linear(1, 1), decay: 0.75);
        Set(source, 5);

        ema.Update(source);

        Assert.Equal(2, Weight(ema.Network));
        ema.Update(source);
        Assert.Equal(2.75, Weight(ema.Network));
    }

    [Fact]
    public void Early_updates_keep_less_when_it_warms_up()
    {
        using nn.Module<Tensor, Tensor> source = nn.Linear(1, 1);
        Set(source, 0);
        using var ema = new ModelEma(source, nn.Linear(1, 1), decay: 0.15, warmUp: true);
        Set(source, 1);

        ema.Update(source); // keeps 1/10
        Assert.Equal(0.9, Weight(ema.Network), 1e-6);
        ema.Update(source); // keeps 0.15, as 2/11 is more
        Assert.Equal(0.985, Weight(ema.Network), 1e-6);
    }

    [ParityFact("functions/model_ema_v2.json")]
    public void Every_reference_step_agrees()
    {
        JsonElement reference = ParityData.Read("functions/model_ema_v2.json");
        foreach (JsonElement entry in reference.GetProperty("cases").EnumerateArray())
        {
            JsonElement[] models = [.. entry.GetProperty("model_states").EnumerateArray()];
            JsonElement[] averages = [.. entry.GetProperty("ema_states").EnumerateArray()];
            using nn.Module<Tensor, Tensor> source = Network();
            Set(source, models[0]);
            using var ema = new ModelEma(source, Network(), entry.GetProperty("decay").GetDouble());
            for (int i = 0; i < models.Length; i++)
            {
                if (i > 0)
                {
                    Set(source, models[i]);
                    ema.Update(source);
                }

                foreach ((string key, Tensor actual) in ema.Network.state_dict())
                {
                    using DisposeScope scope = NewDisposeScope();
                    double[] values = [.. actual.to_type(ScalarType.Float64).flatten().data<double>()];
                    Assert.Equal(averages[i].GetProperty(key).Doubles(), values, (a, b) => Math.Abs(a - b) <= 1e-7);
                }
            }
        }
    }

    private static TorchSharp.Modules.Sequential Network() => nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3));

    private static void Set(nn.Module network, JsonElement state)
    {
        using var noGrad = no_grad();
        foreach ((string key, Tensor target) in network.state_dict())
        {
            using DisposeScope scope = NewDisposeScope();
            target.copy_(tensor(state.GetProperty(key).Doubles(), target.shape));
        }
    }

    private static void Set(nn.Module network, double value)
    {
        using var noGrad = no_grad();
        foreach (Tensor target in network.state_dict().Values)
            target.fill_(value);
    }

    private static double Weight(nn.Module network) => network.state_dict()["weight"].item<float>();
}
