using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Labels;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using TorchSharp;

namespace CloudPipe.EndToEnd.Tests.Doubles;

/// <summary>A release of two fresh networks on small tiles: it knows nothing, but takes every step.</summary>
internal static class SmallRelease
{
    public const string Name = "small";

    private const int TileSize = 32;

    public static async Task PublishAsync(IBlobStore store)
    {
        using var folder = new TemporaryFolder();
        var members = new List<Member>();
        for (int fold = 0; fold < 2; fold++)
        {
            string name = $"{Name}/fold-{fold}.safetensors";
            torch.random.manual_seed(fold);
            using (torch.nn.Module<torch.Tensor, torch.Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(QvPipeTaxonomy.Taxonomy.Count)))
            {
                SafetensorsWriter.Write(folder.File("weights"), network.state_dict());
            }

            await using FileStream weights = File.OpenRead(folder.File("weights"));
            await store.WriteAsync(new BlobPath(BlobContainers.Releases, name), weights);
            members.Add(new Member("convnext_atto", fold, name, TileSize, 1));
        }

        var release = new Release(
            Name, QvPipeTaxonomy.Taxonomy, Grid: 3, SegmentSeconds: 2, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], members, new PostProcessing());
        await store.WriteJsonAsync(Release.PathOf(Name), release);
    }
}
