using CloudPipe.Local.Triggers;

namespace CloudPipe.Local.Tests.Triggers;

public sealed class BlobPathPatternTests
{
    [Theory]
    [InlineData("inspections/{name}", "street/a b.mp4", "street/a b.mp4")]
    [InlineData("inspections/{name}.mp4", "a.mp4", "a")]
    [InlineData("inspections/{name}.mp4", "a.avi", null)]
    [InlineData("inspections/in+{name}", "in+x", "x")]
    public void Compares_names_with_the_path(string path, string blobName, string? expected) =>
        Assert.Equal(expected, BlobPathPattern.Parse(path).Match(blobName)?["name"]);

    [Theory]
    [InlineData("inspections")]
    [InlineData("/x")]
    [InlineData("inspections/")]
    public void Refuses_a_path_without_container_or_name(string path) => Assert.Throws<FormatException>(() => BlobPathPattern.Parse(path));
}
