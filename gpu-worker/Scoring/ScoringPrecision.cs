namespace CloudPipe.GpuWorker.Scoring;

/// <summary>In which numbers networks compute.</summary>
public enum ScoringPrecision
{
    /// <summary>bfloat16 on an accelerator, whose matrix units gain by it; float32 on the CPU.</summary>
    Auto,

    /// <summary>float32.</summary>
    Float32,

    /// <summary>bfloat16: float32's range, 8 bits of precision.</summary>
    BFloat16,

    /// <summary>float16: 11 bits of precision, up to 65,504; for accelerators without bfloat16.</summary>
    Float16,
}
