using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudPipe.Local.Tests.Hosting;

public sealed class BucketPreparationTests
{
    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Containers_are_made_unless_a_deployment_makes_them(string create)
    {
        using var folder = new TemporaryFolder();
        var settings = new CommandSettings(folder.FullPath, [new("CloudPipe:Storage:CreateContainers", create)]);
        using IHost host = LocalServices.Build(settings);

        await host.Services.GetServices<IHostedService>().OfType<BucketPreparation>().Single().StartAsync(CancellationToken.None);

        // The releases that come with the program are published in any case.
        string[] made = [.. Directory.GetDirectories(folder.FullPath).Select(path => Path.GetFileName(path)).Intersect(BlobContainers.All)];
        Assert.Equal(create == "true" ? BlobContainers.All.Order() : [BlobContainers.Releases], made.Order());
    }
}
