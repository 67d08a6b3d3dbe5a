namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Smith and Topin, https://arxiv.org/abs/1708.07120: up from max_lr / div_factor to max_lr, then down to
                /// max_lr / (div_factor * final_div_factor), while the momentum (or first beta) goes the other way.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly int _totalSteps;
                    private readonly Phase[] _phases;
                    private readonly AnnealStrategy _strategy;
                    private readonly bool _cycleMomentum;

                    public enum AnnealStrategy
                    {
                        Cos,
                        Linear,
                    }

                    public OneCycleLR(
                        Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                        double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(
                            optimizer, optimizer.ParamGroups.Select(_ => max_lr).ToList(), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy,
                            cycle_momentum, optimizer.ParamGroups.Select(_ => base_momentum).ToList(), optimizer.ParamGroups.Select(_ => max_momentum).ToList(),
                            div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(
                        Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null,
                        double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (cycle_momentum && optimizer is not (IMomentum or IBetas))
                            throw new ArgumentException("optimizer must support momentum with `cycle_momentum` option enabled");
                        if (pct_start is < 0 or > 1) throw new ArgumentException($"Expected float between 0 and 1 for pct_start, but got {pct_start}");

                        _totalSteps = TotalSteps(total_steps, epochs, steps_per_epoch);
                        _strategy = anneal_strategy;
                        _cycleMomentum = cycle_momentum;

                        var groups = optimizer.ParamGroups.ToList();
                        var peak = max_lr.ToList();
                        var initial = peak.Select(rate => rate / div_factor).ToList();
                        var final = initial.Select(rate => rate / final_div_factor).ToList();
                        var low = base_momentum?.ToList() ?? groups.Select(_ => 0.85).ToList();
                        var high = max_momentum?.ToList() ?? groups.Select(_ => 0.95).ToList();
                        var up = pct_start * _totalSteps;
                        _phases = three_phase
                            ? [new(up - 1, initial, peak, high, low), new((2 * up) - 2, peak, initial, low, high), new(_totalSteps - 1, initial, final, high, high)]
                            : [new(up - 1, initial, peak, high, low), new(_totalSteps - 1, peak, final, low, high)];

                        if (last_epoch == -1 && cycle_momentum)
                        {
                            for (var index = 0; index < groups.Count; index++) SetMomentum(groups[index], high[index]);
                        }

                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch > _totalSteps)
                            throw new InvalidOperationException($"Tried to step {_last_epoch + 1} times. The specified number of total steps is {_totalSteps}");

                        return _optimizer.ParamGroups.Select((group, index) =>
                        {
                            var (rate, momentum) = ValuesAt(_last_epoch, index);
                            if (_cycleMomentum) SetMomentum(group, momentum);
                            return rate;
                        });
                    }

                    /// <summary>As in the package, the last phase is recognised by the index of the group, not of the phase: the group with the index
                    /// phases - 1 never leaves the first phase, and past the end of the cycle the others get zeros.</summary>
                    private (double rate, double momentum) ValuesAt(int step, int groupIndex)
                    {
                        var start = 0.0;
                        foreach (var phase in _phases)
                        {
                            if (step <= phase.End || groupIndex == _phases.Length - 1)
                            {
                                var done = (step - start) / (phase.End - start);
                                return (
                                    Anneal(phase.StartRates[groupIndex], phase.EndRates[groupIndex], done),
                                    Anneal(phase.StartMomenta[groupIndex], phase.EndMomenta[groupIndex], done));
                            }

                            start = phase.End;
                        }

                        return (0, 0);
                    }

                    private double Anneal(double start, double end, double done) => _strategy == AnnealStrategy.Cos
                        ? end + ((start - end) / 2.0 * (Math.Cos(Math.PI * done) + 1))
                        : ((end - start) * done) + start;

                    private static void SetMomentum(ILearningRateController group, double momentum)
                    {
                        if (group is IBetas betas) betas.Betas = (momentum, betas.Betas.Item2);
                        else if (group is IMomentum plain) plain.Momentum = momentum;
                    }

                    private static int TotalSteps(int total, int epochs, int stepsPerEpoch)
                    {
                        if (total == -1 && epochs == -1 && stepsPerEpoch == -1)
                            throw new ArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch)");
                        if (total != -1)
                            return total > 0 ? total : throw new ArgumentException($"Expected positive integer total_steps, but got {total}");
                        if (epochs <= 0) throw new ArgumentException($"Expected positive integer epochs, but got {epochs}");
                        if (stepsPerEpoch <= 0) throw new ArgumentException($"Expected positive integer steps_per_epoch, but got {stepsPerEpoch}");
                        return epochs * stepsPerEpoch;
                    }

                    private sealed record Phase(double End, List<double> StartRates, List<double> EndRates, List<double> StartMomenta, List<double> EndMomenta);
                }
            }
        }
    }
}
