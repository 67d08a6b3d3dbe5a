namespace CloudPipe.GpuWorker.Weights;

/// <summary>A network of the catalog that a weights file fills.</summary>
/// <param name="Architecture">Its catalog name.</param>
/// <param name="ClassCount">How many classes the file's classifier has.</param>
/// <param name="Naming">Whose names the file has.</param>
public sealed record CatalogMatch(string Architecture, int ClassCount, WeightsNaming Naming);
