using CloudPipe.Datasets;
using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Training;

/// <summary>A data set and where its shards are.</summary>
/// <param name="Store">The store.</param>
/// <param name="Dataset">What the store says of the data set.</param>
public sealed record StoredDataset(IBlobStore Store, Dataset Dataset);
