using CloudPipe.Inspections;

namespace CloudPipe.Shared.Tests.Inspections;

public class SuperImageFramesTests
{
    [Theory]
    [InlineData(4, 4, new[] { 0, 1, 2, 3 })]
    [InlineData(8, 4, new[] { 0, 2, 4, 6 })]
    [InlineData(12, 4, new[] { 1, 4, 7, 10 })]
    [InlineData(16, 4, new[] { 1, 5, 9, 13 })]
    [InlineData(1, 4, new[] { 0, 0, 0, 0 })]
    [InlineData(1, 1, new[] { 0 })]
    [InlineData(3, 1, new[] { 1 })]
    public void Each_tile_shows_the_middle_frame_of_its_run(int frameCount, int tileCount, int[] expected)
    {
        var frames = new SuperImageFrames(frameCount, tileCount);

        Assert.Equal(expected, Enumerable.Range(0, tileCount).Select(tile => frames.IndexOf(tile)));
    }

    [Fact]
    public void All_places_of_all_runs_are_all_frames_once()
    {
        var frames = new SuperImageFrames(15, 5);

        Assert.Equal(Enumerable.Range(0, 15), from tile in Enumerable.Range(0, 5) from place in Enumerable.Range(0, frames.RunLength) select frames.IndexOf(tile, place));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(0)]
    public void What_cannot_be_divided_is_refused(int frameCount) => Assert.Throws<ArgumentException>(() => new SuperImageFrames(frameCount, 9));
}
