using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>What a precision means to torch.</summary>
internal static class ScoringPrecisionExtensions
{
    public static ScalarType Resolve(this ScoringPrecision precision, bool isCpu) => precision switch
    {
        ScoringPrecision.Float32 => ScalarType.Float32,
        ScoringPrecision.BFloat16 => ScalarType.BFloat16,
        ScoringPrecision.Float16 => ScalarType.Float16,
        _ => isCpu ? ScalarType.Float32 : ScalarType.BFloat16,
    };
}
