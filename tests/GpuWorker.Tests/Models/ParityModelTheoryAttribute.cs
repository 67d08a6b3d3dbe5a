namespace CloudPipe.GpuWorker.Tests.Models;

/// <summary>A theory over the reference files of small or of large networks; skipped where there is none.</summary>
internal sealed class ParityModelTheoryAttribute : TheoryAttribute
{
    public ParityModelTheoryAttribute(bool large) =>
        Skip = ParityModel.Names(large).Any() ? null : "No reference file of such a network is here: set CLOUDPIPE_PARITY_DIR.";
}
