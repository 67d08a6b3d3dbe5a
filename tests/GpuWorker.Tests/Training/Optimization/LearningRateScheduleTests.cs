using System.Text.Json;
using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Training.Optimization;

public sealed class LearningRateScheduleTests
{
    // PyTorch's OneCycleLR(max_lr: 2e-4, total_steps: 40, pct_start: 0.2): functions/one_cycle_lr.json.
    [Theory]
    [InlineData(0, 8.000000000000005e-06, 0.95)]
    [InlineData(1, 1.7506988681367764e-05, 0.945048443395121)]
    [InlineData(7, 0.0002, 0.85)]
    [InlineData(39, 7.999999999999999e-10, 0.95)]
    public void One_cycle_is_pytorchs(long step, double rate, double momentum)
    {
        SchedulePoint point = new OneCycleSchedule(2e-4, totalSteps: 40, warmUpFraction: 0.2, initialDivisor: 25, finalDivisor: 1e4).At(step);

        Assert.Equal(rate, point.LearningRate, 1e-15);
        Assert.Equal(momentum, point.Momentum!.Value, 1e-12);
    }

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(10, 0.1)]
    [InlineData(3, 0.999)]
    public void Short_runs_have_finite_rates(int totalSteps, double warmUpFraction)
    {
        var schedule = new OneCycleSchedule(1, totalSteps, warmUpFraction, 25, 1e4);

        Assert.All(Enumerable.Range(0, totalSteps), step => Assert.InRange(schedule.At(step).LearningRate, 0, 1));
    }

    [Fact]
    public void Warm_restarts_start_again_after_each_wave()
    {
        var recipe = new TrainingRecipe
        {
            Schedule = ScheduleKind.WarmRestarts,
            Epochs = 20,
            MaxLearningRate = 1,
            InitialDivisor = 10,
            FinalDivisor = 10,
            WarmUpFraction = 0.1,
            RestartEpochs = 2,
            RestartMultiplier = 3,
        };

        LearningRateSchedule schedule = LearningRateSchedule.Of(recipe, stepsPerEpoch: 5);

        Assert.Equal(0.1, schedule.At(0).LearningRate, 1e-12); // 10 steps of warm-up
        Assert.Equal(0.55, schedule.At(5).LearningRate, 1e-12);
        Assert.Equal(1, schedule.At(10).LearningRate, 1e-12); // a wave of 10 steps
        Assert.Equal(0.505, schedule.At(15).LearningRate, 1e-12);
        Assert.Equal(1, schedule.At(20).LearningRate, 1e-12); // one of 30
        Assert.Equal(0.505, schedule.At(35).LearningRate, 1e-12);
        Assert.Equal(1, schedule.At(50).LearningRate, 1e-12);
        Assert.Null(schedule.At(15).Momentum);
    }

    [ParityFact("functions/one_cycle_lr.json")]
    public void Every_reference_cycle_agrees()
    {
        int compared = 0;
        foreach (JsonElement entry in ParityData.Read("functions/one_cycle_lr.json").GetProperty("cases").EnumerateArray())
        {
            JsonElement arguments = entry.GetProperty("args");
            if (arguments.TryGetProperty("three_phase", out _) || arguments.TryGetProperty("anneal_strategy", out _))
                continue; // Neither is offered.

            JsonElement highest = arguments.GetProperty("max_lr");
            double[] rates = highest.ValueKind == JsonValueKind.Array ? highest.Doubles() : [highest.GetDouble()];
            long steps = entry.GetProperty("total_steps").GetInt64();
            var schedule = new OneCycleSchedule(rates[0], steps, Argument("pct_start", 0.3), Argument("div_factor", 25), Argument("final_div_factor", 1e4));
            bool hasDefaultMomentum = !arguments.TryGetProperty("cycle_momentum", out _) && !arguments.TryGetProperty("base_momentum", out _);
            for (int step = 0; step < steps; step++)
            {
                double[] expected = entry.GetProperty("lr_used_at_step")[step].Doubles();
                for (int group = 0; group < rates.Length; group++)
                    Assert.Equal(expected[group], schedule.At(step).LearningRate * rates[group] / rates[0], 1e-12 * rates[group]);

                if (hasDefaultMomentum)
                    Assert.Equal(entry.GetProperty("beta1_used_at_step")[step][0].GetDouble(), schedule.At(step).Momentum!.Value, 1e-12);
            }

            compared++;

            double Argument(string name, double otherwise) => arguments.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;
        }

        Assert.Equal(5, compared);
    }

    [ParityFact("functions/cosine_warm_restarts.json")]
    public void Every_reference_restart_agrees()
    {
        foreach (JsonElement entry in ParityData.Read("functions/cosine_warm_restarts.json").GetProperty("cases").EnumerateArray())
        {
            JsonElement arguments = entry.GetProperty("args");
            double multiplier = arguments.TryGetProperty("T_mult", out JsonElement mult) ? mult.GetDouble() : 1;
            double lowest = arguments.TryGetProperty("eta_min", out JsonElement minimum) ? minimum.GetDouble() : 0;
            double[] rates = entry.GetProperty("base_lrs").Doubles();
            bool isPerEpoch = entry.TryGetProperty("lr_used_at_epoch", out JsonElement listed);
            int stepsPerEpoch = isPerEpoch ? 1 : entry.GetProperty("iters").GetInt32();
            JsonElement[] expected = [.. (isPerEpoch ? listed : entry.GetProperty("lr_after_step")).EnumerateArray()];
            for (int group = 0; group < rates.Length; group++)
            {
                var schedule = new WarmRestartSchedule(rates[group], warmUpSteps: 0, firstRate: 0, arguments.GetProperty("T_0").GetDouble() * stepsPerEpoch, multiplier, lowest);
                for (int step = 0; step < expected.Length; step++)
                    Assert.Equal((isPerEpoch ? expected[step][group] : expected[step]).GetDouble(), schedule.At(step).LearningRate, 1e-15);
            }
        }
    }
}
