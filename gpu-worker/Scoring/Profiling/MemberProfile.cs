namespace CloudPipe.GpuWorker.Scoring.Profiling;

/// <summary>What one network costs.</summary>
/// <param name="Architecture">Its catalog name.</param>
/// <param name="SuperImageSide">Width and height of its super-images in pixels.</param>
/// <param name="Parameters">How many numbers it has learnt.</param>
/// <param name="MultiplyAccumulates">Multiplications with addition for one super-image, of convolutions, linear layers and attention.</param>
/// <param name="SecondsPerImage">The median over passes of one super-image.</param>
/// <param name="CeilingShare">How near that comes to the machine's measured matrix product, 0..1.</param>
/// <param name="PeakBytes">The process's largest resident memory while it ran; <see langword="null"/> where the system does not tell.</param>
public sealed record MemberProfile(
    string Architecture,
    int SuperImageSide,
    long Parameters,
    double MultiplyAccumulates,
    double SecondsPerImage,
    double CeilingShare,
    long? PeakBytes);
