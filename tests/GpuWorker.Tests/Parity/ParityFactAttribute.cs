namespace CloudPipe.GpuWorker.Tests.Parity;

/// <summary>A test against the reference numbers; a clone without them has the numbers that are quoted in the tests.</summary>
internal sealed class ParityFactAttribute : FactAttribute
{
    public ParityFactAttribute()
    {
        if (ParityData.Folder is null)
            Skip = "The reference numbers are not here: set CLOUDPIPE_PARITY_DIR.";
    }
}
