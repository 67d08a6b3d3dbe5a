namespace CloudPipe.GpuWorker.Tests;

/// <summary>Tests that draw from torch's one generator, or count its live tensors, do not run beside others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchCollection
{
    public const string Name = "torch";
}
