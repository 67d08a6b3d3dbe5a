using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Tests.Support;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class SyntaxTests
{
    [Fact]
    public void Every_file_is_bicep()
    {
        Assert.Contains(BicepFiles.All, file => file.Path == "bicep/main.bicep");
        Assert.Empty(BicepFiles.All.SelectMany(file => file.Root.Descendants().Where(node => node.Error).Select(node => $"{file.Path}:{node.Line}: {node.Source}")));
    }

    [Theory]
    [InlineData("fault.bicep", "param name string\nresource x 'A/b@2024-01-01' = {\n  name: \n}\n")]
    [InlineData("fault.bicep", "var x = [1, 2\n")]
    [InlineData("fault.bicepparam", "using './main.bicep'\nparam name = \n")]
    public void A_fault_is_seen(string name, string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(name), text);

        Assert.Contains(BicepFiles.Parse(folder.File(name)).Root.Descendants(), node => node.Error);
    }
}
