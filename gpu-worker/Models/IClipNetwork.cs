namespace CloudPipe.GpuWorker.Models;

/// <summary>Marks a network that takes clips, normalised pixels <c>[N, 3, frames, H, W]</c> in order of time, where all others take images.</summary>
public interface IClipNetwork;
