namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Implemented where a schedule may cycle the first beta in place of a momentum.</summary>
        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
