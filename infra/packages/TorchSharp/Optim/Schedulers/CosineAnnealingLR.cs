namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                /// <summary>Loshchilov and Hutter, https://arxiv.org/abs/1608.03983, without restarts.</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _halfPeriod;
                    private readonly double _lowest;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _halfPeriod = T_max;
                        _lowest = eta_min;
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0) return Rates;
                        if ((_last_epoch - 1 - _halfPeriod) % (2 * _halfPeriod) == 0)
                        {
                            // The first step up from the lowest rate, where the recurrence would divide by zero.
                            return Rates.Select((rate, index) => rate + ((_base_lrs[index] - _lowest) * (1 - Math.Cos(Math.PI / _halfPeriod)) / 2));
                        }

                        var ratio = (1 + Math.Cos(Math.PI * _last_epoch / _halfPeriod)) / (1 + Math.Cos(Math.PI * (_last_epoch - 1) / _halfPeriod));
                        return Rates.Select(rate => (ratio * (rate - _lowest)) + _lowest);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate => _lowest + ((rate - _lowest) * (1 + Math.Cos(Math.PI * _last_epoch / _halfPeriod)) / 2));
                }
            }
        }
    }
}
