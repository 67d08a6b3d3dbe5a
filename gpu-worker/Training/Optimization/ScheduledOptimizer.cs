using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>An optimizer whose learning rate and momentum follow a schedule, with clipped gradients.</summary>
internal sealed class ScheduledOptimizer : IDisposable
{
    private const string FirstMoment = "exp_avg/";
    private const string SecondMoment = "exp_avg_sq/";
    private const string MomentumBuffer = "momentum_buffer/";

    private readonly OptimizerHelper optimizer;
    private readonly LearningRateSchedule schedule;
    private readonly GradientClipper clipper;
    private readonly double[] scales;
    private readonly KeyValuePair<string, Parameter>[] parameters;

    /// <param name="groups">What it trains.</param>
    /// <param name="recipe">How.</param>
    /// <param name="clipping">How gradients are clipped; not <see cref="ClippingKind.Automatic"/>.</param>
    /// <param name="schedule">The learning rate.</param>
    public ScheduledOptimizer(IReadOnlyList<ParameterGroup> groups, TrainingRecipe recipe, ClippingKind clipping, LearningRateSchedule schedule)
    {
        this.schedule = schedule;
        scales = [.. groups.Select(group => group.LearningRateScale)];
        parameters = [.. groups.SelectMany(group => group.Parameters)];
        clipper = new GradientClipper(clipping, recipe.GradientClipNorm, recipe.AdaptiveClipFactor, parameters);
        optimizer = recipe.Optimizer == OptimizerKind.AdamW
            ? optim.AdamW(groups.Select(group => new AdamW.ParamGroup(ParametersOf(group), recipe.MaxLearningRate, weight_decay: group.WeightDecay)))
            : optim.SGD(groups.Select(group => new SGD.ParamGroup(ParametersOf(group), recipe.MaxLearningRate, recipe.Momentum, weight_decay: group.WeightDecay, nesterov: recipe.Nesterov)), recipe.MaxLearningRate);
    }

    /// <summary>Steps that were done.</summary>
    public long Steps { get; private set; }

    /// <summary>What the optimizer remembers of past gradients, by names of its own.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => parameters.Zip(optimizer.state_dict().State).SelectMany(entry => Tensors(entry.First.Key, entry.Second));

    /// <summary>Clips the gradients, applies them, and drops them: their memory is free for the next forward pass.</summary>
    public void Step()
    {
        clipper.Clip();
        SchedulePoint point = schedule.At(Steps);
        foreach ((optim.ILearningRateController group, double scale) in optimizer.ParamGroups.Zip(scales))
        {
            group.LearningRate = point.LearningRate * scale;
            if (point.Momentum is double momentum)
                SetMomentum(group, momentum);
        }

        using (NewDisposeScope())
            optimizer.step();

        foreach ((_, Parameter parameter) in parameters)
            parameter.grad = null;

        Steps++;
    }

    /// <summary>Goes on where another left off.</summary>
    /// <param name="steps">Its steps.</param>
    /// <param name="read">Gives its state by name, as a tensor that is the caller's to free, or null where it had none.</param>
    public void Restore(long steps, Func<string, Tensor?> read)
    {
        Steps = steps;
        using var noGrad = no_grad();
        foreach (((string key, Parameter parameter), OptimizerState state) in parameters.Zip(optimizer.state_dict().State))
        {
            using DisposeScope scope = NewDisposeScope();
            switch (state)
            {
                case AdamW.State adam:
                    adam.step = steps;
                    adam.exp_avg.copy_(read(FirstMoment + key)!);
                    adam.exp_avg_sq.copy_(read(SecondMoment + key)!);
                    break;
                case SGD.State sgd when read(MomentumBuffer + key) is { } buffer:
                    // The step makes it only once there is a gradient.
                    sgd.momentum_buffer = buffer.to(parameter.device, copy: true).DetachFromDisposeScope();
                    break;
            }
        }
    }

    public void Dispose() => optimizer.Dispose();

    private static IEnumerable<Parameter> ParametersOf(ParameterGroup group) => [.. group.Parameters.Select(entry => entry.Value)];

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(string key, OptimizerState state) => state switch
    {
        AdamW.State adam => [KeyValuePair.Create(FirstMoment + key, adam.exp_avg), KeyValuePair.Create(SecondMoment + key, adam.exp_avg_sq)],
        SGD.State { momentum_buffer: { } buffer } => [KeyValuePair.Create(MomentumBuffer + key, buffer)],
        _ => [],
    };

    private static void SetMomentum(optim.ILearningRateController group, double momentum)
    {
        if (group is optim.IBetas adam)
            adam.Betas = (momentum, adam.Betas.Item2);
        else if (group is optim.IMomentum { Momentum: > 0 } sgd) // Without momentum there is none to cycle.
            sgd.Momentum = momentum;
    }
}
