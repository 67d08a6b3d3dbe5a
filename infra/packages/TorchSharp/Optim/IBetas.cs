namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// Implemented where a schedule may cycle the first beta in place of a momentum.
        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
