using CloudPipe.Inspections;

namespace CloudPipe.Shared.Tests.Inspections;

public sealed class UploadFilterTests
{
    [Theory]
    [InlineData("a.mp4", true)]
    [InlineData("street/A.MP4", true)]
    [InlineData("a.b.mkv", true)]
    [InlineData("a.ts", true)]
    [InlineData("a.mp4.json", false)]
    [InlineData("a.json", false)]
    [InlineData("a.mp4.part", false)]
    [InlineData("mp4", false)]
    [InlineData(".mp4", false)]
    [InlineData(".hidden.mp4", false)]
    [InlineData("folder.mp4/readme.txt", false)]
    [InlineData("", false)]
    public void Videos_are_told_by_their_names(string name, bool isVideo) => Assert.Equal(isVideo, UploadFilter.IsVideo(name));
}
