using CloudPipe.Local.Triggers;
using CloudPipe.Storage;

namespace CloudPipe.Local.Tests.Triggers;

public sealed class UploadTrackerTests
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly UploadTracker _tracker = new(TimeSpan.FromSeconds(2));

    [Fact]
    public void A_file_counts_once_it_has_stayed_the_same()
    {
        Assert.Empty(Look(0, Blob("a.mp4", "1")));
        Assert.Empty(Look(1, Blob("a.mp4", "1")));
        Assert.True(_tracker.HasUnsettled);
        Assert.Equal(["a.mp4"], Look(2, Blob("a.mp4", "1")));
        Assert.False(_tracker.HasUnsettled);
    }

    [Fact]
    public void A_file_that_still_grows_does_not_count()
    {
        for (int second = 0; second < 10; second++)
        {
            Assert.Empty(Look(second, Blob("a.mp4", $"{second}")));
        }

        Assert.Equal(["a.mp4"], Look(12, Blob("a.mp4", "9")));
    }

    [Fact]
    public void The_same_content_counts_once()
    {
        Look(0, Blob("a.mp4", "1"));
        Look(2, Blob("a.mp4", "1"));

        Assert.Empty(Look(9, Blob("a.mp4", "1")));
    }

    [Fact]
    public void A_changed_file_counts_again()
    {
        Look(0, Blob("a.mp4", "1"));
        Look(2, Blob("a.mp4", "1"));

        Assert.Empty(Look(3, Blob("a.mp4", "2")));
        Assert.Equal(["a.mp4"], Look(5, Blob("a.mp4", "2")));
    }

    [Fact]
    public void A_file_that_is_removed_and_comes_back_counts_again()
    {
        Look(0, Blob("a.mp4", "1"));
        Look(2, Blob("a.mp4", "1"));
        Look(3);
        Look(4, Blob("a.mp4", "1"));

        Assert.Equal(["a.mp4"], Look(6, Blob("a.mp4", "1")));
    }

    [Fact]
    public void Without_a_settle_time_a_blob_counts_at_first_sight() => Assert.Single(
        new UploadTracker(TimeSpan.Zero).Observe([Blob("a.mp4", "1")], _start));

    private static BlobProperties Blob(string name, string etag) => new(new BlobPath(BlobContainers.Inspections, name), 1, etag, _start);

    private string[] Look(int second, params BlobProperties[] listing) =>
        [.. _tracker.Observe(listing, _start + TimeSpan.FromSeconds(second)).Select(blob => blob.Path.Name)];
}
