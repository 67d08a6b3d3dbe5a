using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Videos;

namespace CloudPipe.Shared.Tests.Shards;

public sealed class TileDecoderTests : IAsyncLifetime, IDisposable
{
    private readonly InspectionBucket _bucket = new();
    private List<ShardSegment> _segments = [];

    public async Task InitializeAsync()
    {
        await _bucket.PublishAsync(InspectionBucket.DemoRelease(segmentSeconds: 1));
        await _bucket.UploadAsync("a.mp4", new NumberedVideo(".mp4", "-c:v libx264 -preset ultrafast -g 25") { FrameCount = 75 });
        (_, _segments) = await _bucket.IngestAndCutAsync("a.mp4");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _bucket.Dispose();

    [Theory]
    [InlineData(InspectionBucket.TileSize)]
    [InlineData(96)]
    [InlineData(32)]
    public async Task Tiles_come_in_order_at_the_size_that_is_asked_for(int tileSize)
    {
        var numbers = new List<int>();
        await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(_segments, tileSize))
        {
            using (tiles)
            {
                Assert.Equal(9 * tileSize * tileSize * 3, tiles.Pixels.Length);
                for (int tile = 0; tile < 9; tile++)
                    numbers.Add(NumberedFrames.Read(tiles.Pixels.Span[(tile * tileSize * tileSize * 3)..], tileSize));
            }
        }

        Assert.Equal(27, numbers.Count);
        Assert.Equal(numbers.Order(), numbers);
    }

    [Fact]
    public async Task A_tile_that_is_no_picture_is_an_error()
    {
        ShardSegment damaged = _segments[1] with { Tiles = [.. _segments[1].Tiles.Select((tile, index) => index == 4 ? new byte[100] : tile)] };

        await Assert.ThrowsAsync<ShardFormatException>(async () =>
        {
            await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync([_segments[0], damaged, _segments[2]], 32))
                tiles.Dispose();
        });
    }

    [Fact]
    public async Task The_caller_may_stop_early()
    {
        await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(_segments, 32))
        {
            tiles.Dispose();
            Assert.Throws<ObjectDisposedException>(() => tiles.Pixels);
            break;
        }
    }
}
