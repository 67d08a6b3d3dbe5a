namespace CloudPipe.GpuWorker.Models;

/// <summary>A stage of EfficientNet-B0, table 1 of the paper; the other variants scale its width and depth.</summary>
/// <param name="Depth">Blocks.</param>
/// <param name="Width">Channels out.</param>
/// <param name="KernelSize">Pixels of the depthwise convolutions.</param>
/// <param name="Stride">Pixels, of the first block.</param>
/// <param name="Expansion">What a block multiplies its input's channels by; a block of 1 has no expanding layer.</param>
internal sealed record EfficientNetStage(int Depth, int Width, int KernelSize, int Stride, int Expansion);
