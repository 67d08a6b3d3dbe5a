namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static partial class impl
            {
                public class ChainedLR(IEnumerable<LRScheduler> schedulers) : LRScheduler
                {
                    public override void step()
                    {
                        foreach (var scheduler in schedulers) scheduler.step();
                    }
                }
            }
        }
    }
}
