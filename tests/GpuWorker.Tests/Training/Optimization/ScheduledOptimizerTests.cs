using System.Text.Json;
using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Optimization;

[Collection(TorchCollection.Name)]
public sealed class ScheduledOptimizerTests
{
    private static readonly TrainingRecipe Unclipped = new() { GradientClipping = ClippingKind.None };

    [ParityFact("functions/adamw.json")]
    public void AdamW_with_and_without_decay_of_the_bias_is_pytorchs()
    {
        JsonElement reference = ParityData.Read("functions/adamw.json");
        foreach (JsonElement entry in reference.GetProperty("cases").EnumerateArray().Take(2)) // The others have betas or epsilons that no recipe sets.
        {
            using DisposeScope scope = NewDisposeScope();
            Parameter weight = new(Matrix(reference.GetProperty("w0")));
            Parameter bias = new(tensor(reference.GetProperty("b0").Doubles()));
            bool biasDecays = entry.GetProperty("param_groups").GetString() == "w,b: as args";
            double decay = reference.GetProperty("defaults").GetProperty("weight_decay").GetDouble();
            ParameterGroup[] groups = [Group("w", weight, decay), Group("b", bias, biasDecays ? decay : 0)];
            using var optimizer = new ScheduledOptimizer(groups, Unclipped, ClippingKind.None, new ConstantSchedule(entry.GetProperty("args").GetProperty("lr").GetDouble()));
            foreach (JsonElement step in entry.GetProperty("steps").EnumerateArray())
            {
                Matrix(reference.GetProperty("x")).matmul(weight).add(bias).sub(Matrix(reference.GetProperty("y"))).square().mean().backward();
                optimizer.Step();

                Assert.Equal(step.GetProperty("w").EnumerateArray().SelectMany(row => row.Doubles()), weight.data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
                Assert.Equal(step.GetProperty("b").Doubles(), bias.data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
            }
        }
    }

    // v = 0.9 · v + g; w -= rate · (g + 0.9 · v) with Nesterov, w -= rate · v without; g = 1 at each step.
    [Theory]
    [InlineData(true, -0.1 * (1.9 + (1 + (0.9 * 1.9))))]
    [InlineData(false, -0.1 * (1 + 1.9))]
    public void Sgd_has_momentum(bool nesterov, double expected)
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = new(zeros(1, dtype: ScalarType.Float64));
        TrainingRecipe recipe = Unclipped with { Optimizer = OptimizerKind.Sgd, Momentum = 0.9, Nesterov = nesterov };
        using var optimizer = new ScheduledOptimizer([Group("w", weight, 0)], recipe, ClippingKind.None, new ConstantSchedule(0.1));

        Step(optimizer, weight);
        Step(optimizer, weight);

        Assert.Equal(expected, weight.item<double>(), 1e-12);
    }

    [Fact]
    public void Every_group_follows_the_schedule_at_its_own_scale()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter whole = new(zeros(1, dtype: ScalarType.Float64));
        Parameter half = new(zeros(1, dtype: ScalarType.Float64));
        TrainingRecipe recipe = Unclipped with { Optimizer = OptimizerKind.Sgd, Momentum = 0, Nesterov = false };
        var schedule = new OneCycleSchedule(1, totalSteps: 10, warmUpFraction: 0.3, initialDivisor: 25, finalDivisor: 1e4);
        using var optimizer = new ScheduledOptimizer([Group("whole", whole, 0), Group("half", half, 0) with { LearningRateScale = 0.5 }], recipe, ClippingKind.None, schedule);
        double expected = 0;
        for (int step = 0; step < 10; step++)
        {
            (whole.sum() + half.sum()).backward();
            optimizer.Step();
            expected -= schedule.At(step).LearningRate;
            Assert.Equal(expected, whole.item<double>(), 1e-12);
            Assert.Equal(expected / 2, half.item<double>(), 1e-12);
        }
    }

    [Fact]
    public void One_cycle_moves_the_momentum_the_other_way()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = new(zeros(1, dtype: ScalarType.Float64));
        TrainingRecipe recipe = Unclipped with { Optimizer = OptimizerKind.Sgd, Nesterov = false };
        var schedule = new OneCycleSchedule(1, totalSteps: 4, warmUpFraction: 0.5, initialDivisor: 25, finalDivisor: 1e4);
        using var optimizer = new ScheduledOptimizer([Group("w", weight, 0)], recipe, ClippingKind.None, schedule);
        double velocity = 0;
        double expected = 0;
        for (int step = 0; step < 4; step++)
        {
            Step(optimizer, weight);
            velocity = (velocity * schedule.At(step).Momentum!.Value) + 1;
            expected -= schedule.At(step).LearningRate * velocity;
        }

        Assert.Equal(expected, weight.item<double>(), 1e-12);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void A_restored_optimizer_goes_on_as_the_other_would_have(OptimizerKind kind)
    {
        using DisposeScope scope = NewDisposeScope();
        TrainingRecipe recipe = Unclipped with { Optimizer = kind };
        Parameter straight = new(full(3, 0.5));
        using ScheduledOptimizer first = Create(straight);
        Step(first, straight, 0.1);
        Step(first, straight, 0.7);
        Parameter resumed = new(straight.detach().clone());
        using ScheduledOptimizer second = Create(resumed);
        Dictionary<string, Tensor> saved = first.State.ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        second.Restore(first.Steps, name => saved.GetValueOrDefault(name)?.clone());
        Step(first, straight, 0.3);
        Step(second, resumed, 0.3);

        Assert.Equal(3, second.Steps);
        Assert.Equal(straight.data<float>(), resumed.data<float>());

        ScheduledOptimizer Create(Parameter parameter) => new([Group("w", parameter, 0.05)], recipe, ClippingKind.None, new OneCycleSchedule(0.1, 10, 0.3, 25, 1e4));
    }

    [Fact]
    public void Gradients_are_gone_after_a_step()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = new(zeros(1));
        using var optimizer = new ScheduledOptimizer([Group("w", weight, 0)], Unclipped, ClippingKind.None, new ConstantSchedule(0.1));

        Step(optimizer, weight);

        Assert.Null(weight.grad);
    }

    private static void Step(ScheduledOptimizer optimizer, Parameter weight, double gradient = 1)
    {
        (weight.sum() * gradient).backward();
        optimizer.Step();
    }

    private static ParameterGroup Group(string key, Parameter parameter, double decay) => new(1, decay, [KeyValuePair.Create(key, parameter)]);

    private static Tensor Matrix(JsonElement rows)
    {
        double[][] values = [.. rows.EnumerateArray().Select(row => row.Doubles())];
        return tensor(values.SelectMany(row => row).ToArray(), [values.Length, values[0].Length]);
    }
}
