namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Implemented where a schedule may cycle a momentum.</summary>
        public interface IMomentum
        {
            double Momentum { get; set; }
        }
    }
}
