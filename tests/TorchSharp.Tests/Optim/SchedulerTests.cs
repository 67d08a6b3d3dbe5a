using System.Text.Json;
using CloudPipe.Tests.Support;
using TorchSharp.Modules;
using TorchSharp.Tests.NN;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Tests.Optim;

[Collection(ModulesCollection.Name)]
public sealed class SchedulerTests : IDisposable
{
    private readonly Parameter _weight = nn.Parameter(zeros(1));
    private readonly SGD _optimizer;

    public SchedulerTests() => _optimizer = SGD([_weight], 1.0);

    public void Dispose()
    {
        _optimizer.Dispose();
        _weight.Dispose();
    }

    private double Rate => _optimizer.ParamGroups.Single().LearningRate;

    private void AssertRates(lr_scheduler.LRScheduler scheduler, params double[] expected)
    {
        var rates = new List<double>();
        foreach (var _ in expected)
        {
            rates.Add(Rate);
            scheduler.step();
        }

        for (var index = 0; index < expected.Length; index++) Assert.Equal(expected[index], rates[index], 1e-12);
    }

    // The seventh case has two groups, of which the package leaves the second in the first phase.
    public static TheoryData<int> SingleGroupCases => [.. Enumerable.Range(0, 6)];

    [ParityTheory("functions/one_cycle_lr.json")]
    [MemberData(nameof(SingleGroupCases))]
    public void One_cycle_matches_the_reference(int index)
    {
        var entry = ParityData.Read("functions/one_cycle_lr.json").GetProperty("cases")[index];
        var args = entry.GetProperty("args");
        T Argument<T>(string name, T otherwise) => args.TryGetProperty(name, out var value) ? value.Deserialize<T>()! : otherwise;
        using var optimizer = optim.AdamW([_weight], 1e-3);
        var scheduler = lr_scheduler.OneCycleLR(
            optimizer,
            Argument("max_lr", 0.0),
            total_steps: Argument("total_steps", -1),
            epochs: Argument("epochs", -1),
            steps_per_epoch: Argument("steps_per_epoch", -1),
            pct_start: Argument("pct_start", 0.3),
            anneal_strategy: Argument("anneal_strategy", "cos") == "linear"
                ? lr_scheduler.impl.OneCycleLR.AnnealStrategy.Linear
                : lr_scheduler.impl.OneCycleLR.AnnealStrategy.Cos,
            cycle_momentum: Argument("cycle_momentum", true),
            base_momentum: Argument("base_momentum", 0.85),
            max_momentum: Argument("max_momentum", 0.95),
            div_factor: Argument("div_factor", 25.0),
            final_div_factor: Argument("final_div_factor", 1e4),
            three_phase: Argument("three_phase", false));
        var group = (AdamW.ParamGroup)optimizer.ParamGroups.Single();
        var rates = entry.GetProperty("lr_used_at_step").EnumerateArray().Select(step => step[0].GetDouble()).ToArray();
        var betas = entry.GetProperty("beta1_used_at_step").EnumerateArray().Select(step => step[0].GetDouble()).ToArray();
        for (var step = 0; step < rates.Length; step++)
        {
            Assert.Equal(rates[step], group.LearningRate, 1e-12);
            Assert.Equal(betas[step], group.Betas.Item1, 1e-12);
            Assert.Equal(0.999, group.Betas.Item2);
            if (step < rates.Length - 1) scheduler.step();
        }
    }

    [Fact]
    public void One_cycle_needs_its_length_and_ends_after_it()
    {
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(_optimizer, 1.0));
        Assert.Throws<ArgumentException>(() => lr_scheduler.OneCycleLR(_optimizer, 1.0, total_steps: 5, pct_start: 2));

        var scheduler = lr_scheduler.OneCycleLR(_optimizer, 1.0, total_steps: 5);
        for (var step = 0; step < 5; step++) scheduler.step();
        Assert.Throws<InvalidOperationException>(scheduler.step);
    }

    // The package's way, which code with two groups must know: the group at index 1 goes on with the cosine of the first phase.
    [Fact]
    public void One_cycle_never_leaves_the_first_phase_in_the_second_of_two_groups()
    {
        using var other = nn.Parameter(zeros(1));
        using var optimizer = SGD([new SGD.ParamGroup { Parameters = [_weight] }, new SGD.ParamGroup { Parameters = [other] }], 1.0);
        var scheduler = lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps: 20, pct_start: 0.25);
        for (var step = 0; step < 8; step++) scheduler.step();

        // The first phase ends at step 4: at step 8 its cosine is back at the start, max_lr / 25.
        Assert.Equal(0.04, optimizer.ParamGroups.Last().LearningRate, 1e-12);
        Assert.True(optimizer.ParamGroups.First().LearningRate > 0.5);
    }

    [Fact]
    public void Cosine_annealing_follows_the_cosine()
    {
        var expected = Enumerable.Range(0, 11).Select(step => 0.1 + (0.9 * (1 + Math.Cos(Math.PI * step / 10)) / 2)).ToArray();

        AssertRates(lr_scheduler.CosineAnnealingLR(_optimizer, 10, 0.1), expected);
    }

    [Fact]
    public void Cosine_annealing_rises_after_its_half_period()
    {
        var expected = Enumerable.Range(0, 8).Select(step => (1 + Math.Cos(Math.PI * step / 4)) / 2).ToArray();

        AssertRates(lr_scheduler.CosineAnnealingLR(_optimizer, 4), expected);
    }

    [Fact]
    public void A_function_scales_the_initial_rate()
    {
        AssertRates(lr_scheduler.LambdaLR(_optimizer, epoch => 1.0 / (epoch + 1)), 1, 1.0 / 2, 1.0 / 3, 1.0 / 4);
    }

    [Fact]
    public void A_function_scales_the_current_rate()
    {
        AssertRates(lr_scheduler.MultiplicativeLR(_optimizer, _ => 0.5), 1, 0.5, 0.25, 0.125);
    }

    [Fact]
    public void Steps_and_milestones()
    {
        AssertRates(lr_scheduler.StepLR(_optimizer, 2), 1, 1, 0.1, 0.1, 0.01);
        _optimizer.ParamGroups.Single().LearningRate = 1;
        AssertRates(lr_scheduler.MultiStepLR(_optimizer, [1, 3], 0.5), 1, 0.5, 0.5, 0.25);
        _optimizer.ParamGroups.Single().LearningRate = 1;
        AssertRates(lr_scheduler.ExponentialLR(_optimizer, 0.5), 1, 0.5, 0.25);
    }

    [Fact]
    public void A_linear_ramp_reaches_its_end()
    {
        AssertRates(lr_scheduler.LinearLR(_optimizer, 0.5, 1.0, 2), 0.5, 0.75, 1, 1);
        _optimizer.ParamGroups.Single().LearningRate = 1;
        AssertRates(lr_scheduler.ConstantLR(_optimizer, 0.25, 2), 0.25, 0.25, 1, 1);
        _optimizer.ParamGroups.Single().LearningRate = 1;
        AssertRates(lr_scheduler.PolynomialLR(_optimizer, 4, 2), 1, 0.5625, 0.25, 0.0625, 0);
    }

    [Fact]
    public void Schedules_follow_each_other_at_the_milestones()
    {
        var warmup = lr_scheduler.ConstantLR(_optimizer, 0.1, 100);
        var decay = lr_scheduler.ExponentialLR(_optimizer, 0.5);

        AssertRates(lr_scheduler.SequentialLR(_optimizer, [warmup, decay], [2]), 0.1, 0.1, 1, 0.5, 0.25);
    }

    [Fact]
    public void The_last_rates_are_reported_for_each_group()
    {
        using var other = nn.Parameter(zeros(1));
        using var optimizer = SGD(
            [
                new SGD.ParamGroup { Parameters = [_weight] },
                new SGD.ParamGroup([other], new SGD.Options { LearningRate = 0.2 }),
            ],
            1.0);
        var scheduler = lr_scheduler.ExponentialLR(optimizer, 0.5);
        scheduler.step();

        Assert.Equal([0.5, 0.1], scheduler.get_last_lr());
    }
}
