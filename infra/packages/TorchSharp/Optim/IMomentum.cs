namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// Implemented where a schedule may cycle a momentum.
        public interface IMomentum
        {
            double Momentum { get; set; }
        }
    }
}
