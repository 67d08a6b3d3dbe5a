using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// AdamW (Loshchilov, Hutter 2019, https://arxiv.org/abs/1711.05101) under the one-cycle schedule (Smith, Topin 2018,
/// https://arxiv.org/abs/1708.07120), without weight decay for biases, norms and scales.
/// </summary>
internal sealed class OneCycleAdamW : IDisposable
{
    private readonly Parameter[] parameters;
    private readonly double clipNorm;
    private readonly int totalSteps;

    // One optimizer each, not one with two groups: TorchSharp's OneCycleLR schedules a second group wrongly (it compares the
    // group's number with the number of phases).
    private readonly (optim.Optimizer Optimizer, optim.lr_scheduler.LRScheduler Schedule)[] parts;
    private int steps;

    public OneCycleAdamW(nn.Module network, TrainingRecipe recipe, int totalSteps)
    {
        parameters = [.. network.parameters()];
        clipNorm = recipe.GradientClipNorm;
        this.totalSteps = totalSteps;
        parts =
        [
            Part(parameters.Where(parameter => parameter.Dimensions >= 2), recipe.WeightDecay, recipe),
            Part(parameters.Where(parameter => parameter.Dimensions < 2), weightDecay: 0, recipe),
        ];
    }

    /// <summary>Applies the gradients, clears them, and moves on in the cycle.</summary>
    public void Step()
    {
        if (clipNorm > 0)
            nn.utils.clip_grad_norm_(parameters, clipNorm);

        steps++;
        foreach ((optim.Optimizer optimizer, optim.lr_scheduler.LRScheduler schedule) in parts)
        {
            using (NewDisposeScope())
                optimizer.step();

            optimizer.zero_grad();
            if (steps < totalSteps)
                schedule.step();
        }
    }

    public void Dispose()
    {
        foreach ((optim.Optimizer optimizer, _) in parts)
            optimizer.Dispose();
    }

    private (optim.Optimizer Optimizer, optim.lr_scheduler.LRScheduler Schedule) Part(IEnumerable<Parameter> group, double weightDecay, TrainingRecipe recipe)
    {
        AdamW optimizer = optim.AdamW([.. group], lr: recipe.MaxLearningRate, weight_decay: weightDecay);
        return (optimizer, optim.lr_scheduler.OneCycleLR(
            optimizer,
            max_lr: recipe.MaxLearningRate,
            total_steps: totalSteps,
            pct_start: recipe.WarmUpFraction,
            div_factor: recipe.InitialDivisor,
            final_div_factor: recipe.FinalDivisor));
    }
}
