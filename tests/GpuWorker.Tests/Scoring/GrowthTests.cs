using System.Diagnostics;
using CloudPipe.Messages;
using TorchSharp;

namespace CloudPipe.GpuWorker.Tests.Scoring;

[Collection(TorchCollection.Name)]
public sealed class GrowthTests
{
    private const int WarmUpShards = 50;
    private const int Shards = 500;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Five_hundred_shards_leave_no_tensor_and_no_memory_behind()
    {
        using var bench = new ScoringBench();
        await bench.PublishAsync();
        for (int index = 0; index < WarmUpShards; index++)
        {
            await ScoreAsync(bench, index);
        }

        long tensors = LiveTensors.CountSettled();
        long memory = ResidentBytes();
        for (int index = WarmUpShards; index < Shards; index++)
        {
            await ScoreAsync(bench, index);
        }

        Assert.Equal(tensors, torch.Tensor.TotalCount);
        double growth = (ResidentBytes() - memory) / (double)memory;
        Assert.True(growth < 0.05, $"Resident memory grew by {growth:P1} over {Shards - WarmUpShards} shards, from {memory >> 20} MiB.");
    }

    private static async Task ScoreAsync(ScoringBench bench, int index)
    {
        await bench.PlanAsync($"shard-{index}", segments: 1);
        await bench.Step.RunAsync(new ScoreMessage($"shard-{index}", 0, 0));
    }

    private static long ResidentBytes()
    {
        // Aggressive: the collector gives free pages back, which it otherwise keeps for a while.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
