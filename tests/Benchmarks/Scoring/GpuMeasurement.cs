namespace CloudPipe.Benchmarks.Scoring;

/// <summary>One step of one network: ours, and the peer's where it has the network.</summary>
/// <param name="Step"><c>score</c> or <c>train</c>.</param>
/// <param name="Batch">Super-images at once.</param>
/// <param name="Seconds">The median of ours.</param>
/// <param name="Bytes">Memory of the device that our process holds; null where the system does not tell.</param>
/// <param name="PeerSeconds">The median of the peer's.</param>
/// <param name="PeerBytes">Memory of the device that the peer's process holds.</param>
/// <param name="Ratio">The median over pairs of our time to the peer's.</param>
internal sealed record GpuMeasurement(string Step, int Batch, double Seconds, long? Bytes, double? PeerSeconds, long? PeerBytes, double? Ratio);
