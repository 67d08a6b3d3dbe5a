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
        Assert.Equal(["a.mp4"], _tracker.Unsettled);
        Assert.Equal(["a.mp4"], Look(2, Blob("a.mp4", "1")));
        Assert.Empty(_tracker.Unsettled);
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

    [Fact]
    public void A_blob_that_nobody_could_take_comes_again()
    {
        var tracker = new UploadTracker(TimeSpan.Zero, keepsTime: true);

        Assert.Single(tracker.Observe([Blob("a.mp4", "1")], _start));
        BlobProperties again = Assert.Single(tracker.Observe([Blob("a.mp4", "1"), Blob("b.mp4", "1", hours: 1)], _start), blob => blob.Path.Name == "a.mp4");

        tracker.Take(again);
        Assert.Equal("b.mp4", Assert.Single(tracker.Observe([Blob("a.mp4", "1"), Blob("b.mp4", "1", hours: 1)], _start)).Path.Name);
    }

    [Fact]
    public void Where_the_store_dates_writes_what_is_older_than_all_that_was_taken_is_not_looked_at()
    {
        var tracker = new UploadTracker(TimeSpan.Zero, keepsTime: true);
        Take(tracker, Blob("a.mp4", "1"), Blob("b.mp4", "1", hours: 2));

        Assert.Empty(tracker.Observe([Blob("a.mp4", "other"), Blob("late.mp4", "1", hours: 1)], _start));
        Assert.Single(tracker.Observe([Blob("new.mp4", "1", hours: 2)], _start));
    }

    [Fact]
    public void What_was_there_at_the_first_look_may_be_known_to_others()
    {
        var tracker = new UploadTracker(TimeSpan.FromSeconds(1));
        tracker.Observe([Blob("old.mp4", "1")], _start);

        IReadOnlyList<BlobProperties> ready = [.. tracker.Observe([Blob("old.mp4", "1"), Blob("new.mp4", "1")], _start), .. tracker.Observe([Blob("old.mp4", "1"), Blob("new.mp4", "1")], _start + TimeSpan.FromSeconds(1))];

        Assert.Equal([("old.mp4", true), ("new.mp4", false)], ready.Select(blob => (blob.Path.Name, tracker.IsOld(blob))));
    }

    [Fact]
    public void In_a_folder_an_old_file_may_be_new()
    {
        var tracker = new UploadTracker(TimeSpan.Zero);
        Take(tracker, Blob("b.mp4", "1", hours: 2));

        Assert.Single(tracker.Observe([Blob("copied.mp4", "1")], _start));
    }

    [Fact]
    public void A_look_at_a_few_leaves_the_others_as_they_were()
    {
        Look(0, Blob("a.mp4", "1"), Blob("b.mp4", "1"));
        Look(2, Blob("a.mp4", "1"), Blob("b.mp4", "1"));

        Assert.Empty(LookAt(3, ["b.mp4", "new.mp4", "gone.mp4"], Blob("b.mp4", "2"), Blob("new.mp4", "1")));
        Assert.Equal(["b.mp4", "new.mp4"], _tracker.Unsettled.Order());
        Assert.Equal(["new.mp4"], LookAt(5, ["b.mp4", "new.mp4"], Blob("b.mp4", "3"), Blob("new.mp4", "1")));
        Assert.Equal(["b.mp4"], _tracker.Unsettled);
        Assert.Empty(LookAt(6, ["b.mp4"]));
        Assert.Empty(_tracker.Unsettled);
        Assert.Empty(Look(9, Blob("a.mp4", "1"), Blob("new.mp4", "1")));
    }

    private static void Take(UploadTracker tracker, params BlobProperties[] listing)
    {
        foreach (BlobProperties blob in tracker.Observe(listing, _start))
        {
            tracker.Take(blob);
        }
    }

    private static BlobProperties Blob(string name, string etag, int hours = 0) =>
        new(new BlobPath(BlobContainers.Inspections, name), 1, etag, _start + TimeSpan.FromHours(hours));

    private string[] Look(int second, params BlobProperties[] listing) => Take(_tracker.Observe(listing, _start + TimeSpan.FromSeconds(second)));

    private string[] LookAt(int second, string[] names, params BlobProperties[] found) => Take(_tracker.Observe(names, found, _start + TimeSpan.FromSeconds(second)));

    private string[] Take(IReadOnlyList<BlobProperties> ready)
    {
        foreach (BlobProperties blob in ready)
        {
            _tracker.Take(blob);
        }

        return [.. ready.Select(blob => blob.Path.Name)];
    }
}
