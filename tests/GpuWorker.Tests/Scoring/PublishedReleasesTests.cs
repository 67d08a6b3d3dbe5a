using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Scoring;

/// <summary>The releases that come with CloudPipe, against the papers' numbers.</summary>
public sealed class PublishedReleasesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "gpu-worker", "Releases");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_release_is_sound_and_its_networks_are_there(string name)
    {
        Release release = Read(name);

        Assert.Equal(name, release.Name);
        Assert.Empty(ReleaseValidator.Validate(release));
        Assert.Equal(QvPipeTaxonomy.Taxonomy.Classes, release.Taxonomy.Classes);
        Assert.All(release.Members, member => Assert.True(ModelCatalog.Contains(member.Architecture), member.Architecture));
        Assert.All(release.Declared, model => Assert.False(ModelCatalog.Contains(model.Architecture), $"{model.Architecture} can run: make it a member"));
    }

    // UrbanPipe 2022 and VideoPipe 2022, winners' reports: weights of the models, tile of 448, of 384 for NFNet-F6, 5 folds.
    [Theory]
    [InlineData("urbanpipe-2022", "tresnet_xl+ml_decoder 0.1 448, convnext_base 0.1 448, dm_nfnet_f3 0.15 448, ecaresnet269d 0.15 448, swin_large_patch4_window12_384 0.2 448, tf_efficientnet_l2 0.2 448")]
    [InlineData("videopipe-2022", "tresnet_xl+ml_decoder 0.1 448, convnext_base 0.15 448, dm_nfnet_f3 0.25 448, dm_nfnet_f6 0.2 384, tf_efficientnet_l2 0.2 448")]
    public void The_ensembles_are_the_papers(string name, string models)
    {
        Release release = Read(name);

        Assert.Equal(models, string.Join(", ", release.Members.Where(member => member.Fold == 0).Select(member => FormattableString.Invariant($"{member.Architecture} {member.Weight} {member.TileSize}"))));
        Assert.All(release.Members.GroupBy(member => member.Architecture), folds => Assert.Equal([0, 1, 2, 3, 4], folds.Select(member => member.Fold)));
        Assert.Equal([new DeclaredModel("video_swin_base", 0.1)], release.Declared);
        Assert.Equal(1, release.Members.Sum(member => member.Weight / 5) + release.Declared.Sum(model => model.Weight), 1e-12);
        Assert.Equal((3, 0.9), (release.Grid, release.PostProcessing.NormalThreshold));
    }

    private static Release Read(string name) =>
        JsonSerializer.Deserialize<Release>(File.ReadAllBytes(Path.Combine(Folder, $"{name}.json")), CloudPipeJson.Options)!;
}
