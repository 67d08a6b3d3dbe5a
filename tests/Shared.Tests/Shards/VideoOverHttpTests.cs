using CloudPipe.Inspections;
using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Videos;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Shards;

/// <summary>A video in a storage account: ffmpeg reads the ranges that it needs from a signed address.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class VideoOverHttpTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(".mp4", "-c:v libx264 -preset ultrafast -g 50")]
    [InlineData(".mkv", "-c:v libx264 -preset ultrafast -g 50 -bf 2")]
    [InlineData(".ts", "-c:v mpeg2video -b:v 2M -bf 2 -g 15")]
    public async Task The_tiles_are_those_of_a_local_file(string extension, string encoding)
    {
        var video = new NumberedVideo(extension, encoding);
        string name = $"http/{Guid.NewGuid():N} and spaces{extension}";
        using var local = new InspectionBucket();
        using var remote = new InspectionBucket(store: AzureBlobStore.Connect(azurite.ConnectionString));
        foreach (InspectionBucket bucket in new[] { local, remote })
            await bucket.PublishAsync(InspectionBucket.DemoRelease(segmentSeconds: 5));

        string file = await local.UploadAsync(name, video);
        await remote.UploadFileAsync(name, file);
        (InspectionPlan localPlan, List<ShardSegment> expected) = await local.IngestAndCutAsync(name);
        (InspectionPlan remotePlan, List<ShardSegment> actual) = await remote.IngestAndCutAsync(name);

        Assert.Equal(localPlan.Video, remotePlan.Video);
        Assert.Equal(2, actual.Count);
        Assert.Equal(expected.SelectMany(segment => segment.Manifest.Frames), actual.SelectMany(segment => segment.Manifest.Frames));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.Tiles.Select(tile => tile.ToArray()), pair.Second.Tiles.Select(tile => tile.ToArray())));
    }

    [Fact]
    public async Task An_upload_that_is_no_video_is_rejected_with_the_same_reason()
    {
        string name = $"http/{Guid.NewGuid():N}.mp4";
        using var bucket = new InspectionBucket(store: AzureBlobStore.Connect(azurite.ConnectionString));
        await bucket.PublishAsync(InspectionBucket.DemoRelease());
        await bucket.UploadAsync(name, "This is a letter, not a film."u8.ToArray());

        var rejection = await Assert.ThrowsAsync<InspectionRejectedException>(() => bucket.IngestAndCutAsync(name));

        Assert.Equal(ReasonCode.NotAVideo, rejection.Reason.Code);
        Assert.DoesNotContain("sig=", rejection.Reason.Message, StringComparison.Ordinal);
    }
}
