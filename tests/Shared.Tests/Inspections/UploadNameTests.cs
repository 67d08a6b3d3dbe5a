using CloudPipe.Inspections;

namespace CloudPipe.Shared.Tests.Inspections;

public sealed class UploadNameTests
{
    [Theory]
    [InlineData("survey.mp4")]
    [InlineData("2026/mill lane/Straße 7 (Kopie).MOV")]
    [InlineData("管道.ts")]
    public void A_videos_name_is_taken(string name) => Assert.Null(UploadName.FindFault(name));

    [Theory]
    [InlineData("")]
    [InlineData("/a.mp4")]
    [InlineData("a//b.mp4")]
    [InlineData("../a.mp4")]
    [InlineData("a/./b.mp4")]
    [InlineData("folder./b.mp4")]
    [InlineData(".cloudpipe/a.mp4")]
    [InlineData(".a.mp4")]
    [InlineData("a\\b.mp4")]
    [InlineData("a\0.mp4")]
    [InlineData("a\n.mp4")]
    [InlineData("a.mp4.json")]
    [InlineData("a")]
    public void Any_other_is_refused(string name) => Assert.NotNull(UploadName.FindFault(name));

    [Fact]
    public void A_name_leaves_room_for_its_sidecar()
    {
        Assert.Null(UploadName.FindFault(new string('a', UploadName.LongestName - 4) + ".mp4"));
        Assert.NotNull(UploadName.FindFault(new string('a', UploadName.LongestName - 3) + ".mp4"));
        Assert.NotNull(UploadName.FindFault("\ud83d.mp4"));
    }
}
