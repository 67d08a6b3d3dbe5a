using CloudPipe.GpuWorker.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class ModelCatalogTests
{
    // timm v1.0.28 with 1000 classes: the reference files' counts at 17 classes and 983 more rows of the classifier; in
    // millions they are the figures of timm's results-imagenet.csv.
    [Theory]
    [InlineData("tresnet_xl", 78_436_244)]
    [InlineData("convnext_base", 88_591_464)]
    [InlineData("dm_nfnet_f3", 254_924_200)]
    [InlineData("dm_nfnet_f6", 438_359_116)]
    [InlineData("ecaresnet269d", 102_093_077)]
    [InlineData("swin_large_patch4_window12_384", 196_735_516)]
    [InlineData("tf_efficientnet_l2", 480_309_308)]
    public void The_papers_networks_have_as_many_parameters_as_in_timm(string architecture, long parameters)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(1000, DrawWeights: false));

        Assert.Equal(parameters, network.parameters().Sum(parameter => parameter.NumberOfElements));
    }

    [Fact]
    public void Unknown_names_are_refused_with_near_ones()
    {
        var exception = Assert.Throws<UnknownArchitectureException>(() => ModelCatalog.Create("convnext_bse", new ModelOptions(17)));

        Assert.Contains("convnext_base", exception.Message, StringComparison.Ordinal);
    }
}
