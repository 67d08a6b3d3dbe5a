using CloudPipe.Datasets;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Storage;

namespace CloudPipe.Benchmarks.Ablation;

/// <summary>PipeSim's clips in every cut that is compared.</summary>
/// <param name="clips">A folder with the folders <c>train</c> and <c>heldout</c> of <c>pipesim dataset</c>.</param>
/// <param name="work">Where data sets and decoded tiles are kept.</param>
/// <param name="tileSize">Width and height of a tile in pixels.</param>
internal sealed class AblationData(string clips, string work, int tileSize)
{
    public const string Uniform3 = "uniform-3x3";
    public const string Uniform4 = "uniform-4x4";
    public const string Uniform5 = "uniform-5x5";
    public const string Sequence = "sequence-3x3";
    public const string Dense = "dense-3x3";

    /// <summary>Cuts one half of the clips, or finds that done.</summary>
    /// <param name="half"><c>train</c> or <c>heldout</c>.</param>
    /// <param name="cut">One of the cuts above.</param>
    /// <returns>Its tiles; dispose it.</returns>
    public async Task<TileDataset> OpenAsync(string half, string cut)
    {
        var store = new FolderBlobStore(Path.Combine(work, "bucket"));
        await store.CreateContainersAsync([BlobContainers.Datasets]);
        string folder = Path.Combine(clips, half);
        IReadOnlyList<DatasetSample> samples = DatasetLabels.Read(DatasetFormat.QvPipe, Path.Combine(folder, "labels.json"), QvPipeTaxonomy.Taxonomy);
        var import = new DatasetImport($"{half}-{cut}-{tileSize}", DatasetFormat.QvPipe, QvPipeTaxonomy.Taxonomy, folder, samples, CutOf(cut));
        Dataset dataset = await new DatasetImporter(store, Environment.ProcessorCount).ImportAsync(import);
        return await new TileDatasetBuilder(tileSize, Environment.ProcessorCount).BuildAsync(store, dataset, Path.Combine(work, "cache"), CancellationToken.None);
    }

    private DatasetCut CutOf(string cut) => cut switch
    {
        Uniform3 => DatasetCut.Uniform(3, tileSize),
        Uniform4 => DatasetCut.Uniform(4, tileSize),
        Uniform5 => DatasetCut.Uniform(5, tileSize),
        Sequence => new DatasetCut(3, tileSize, 9, FrameSampling.Sequence),
        Dense => new DatasetCut(3, tileSize, 27, FrameSampling.Dense),
        _ => throw new ArgumentOutOfRangeException(nameof(cut), cut, null),
    };
}
