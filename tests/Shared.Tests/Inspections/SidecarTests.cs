using System.Text;
using CloudPipe.Inspections;
using CloudPipe.Shared.Tests.Videos;

namespace CloudPipe.Shared.Tests.Inspections;

public sealed class SidecarTests
{
    [Fact]
    public void Every_field_is_read()
    {
        Sidecar sidecar = Parse("""{"release": "v2", "segmentSeconds": 12.5, "metadata": {"asset": "S-17"}}""");

        Assert.Equal("v2", sidecar.Release);
        Assert.Equal(12.5, sidecar.SegmentSeconds);
        Assert.Equal("S-17", sidecar.Metadata!["asset"]);
    }

    [Fact]
    public void A_byte_order_mark_and_nulls_are_understood() =>
        Assert.Equal(Sidecar.None, Parse("\uFEFF{\"release\": null}"));

    [Theory]
    [InlineData("not json", "is no JSON")]
    [InlineData("", "is no JSON")]
    [InlineData("[1]", "holds Array, not an object")]
    [InlineData("{\"relase\": \"v2\"}", "has the field 'relase', which is not known")]
    [InlineData("{\"release\": 2}", "has release 2; a text in quotes is expected")]
    [InlineData("{\"segmentSeconds\": \"60\"}", "a number from 1 to 3600 is expected")]
    [InlineData("{\"segmentSeconds\": 0}", "a number from 1 to 3600 is expected")]
    [InlineData("{\"segmentSeconds\": 1e400}", "a number from 1 to 3600 is expected")]
    [InlineData("{\"metadata\": [1]}", "metadata that is no object")]
    [InlineData("{\"metadata\": {\"length\": 12}}", "has metadata.length 12; a text in quotes is expected")]
    public void What_is_not_understood_is_refused(string json, string complaint)
    {
        InspectionRejectedException exception = Assert.Throws<InspectionRejectedException>(() => Parse(json));

        Assert.Equal(ReasonCode.InvalidSidecar, exception.Reason.Code);
        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
        Assert.Contains("'a.mp4.json'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sidecar_of_the_full_name_wins()
    {
        using var bucket = new InspectionBucket();
        await bucket.UploadAsync("s/a.json", """{"release": "second"}"""u8.ToArray());
        Assert.Equal("second", (await Sidecar.ReadAsync(bucket.Store, "s/a.mp4")).Release);

        await bucket.UploadAsync("s/a.mp4.json", """{"release": "first"}"""u8.ToArray());
        Assert.Equal("first", (await Sidecar.ReadAsync(bucket.Store, "s/a.mp4")).Release);
        Assert.Equal(Sidecar.None, await Sidecar.ReadAsync(bucket.Store, "s/b.mp4"));
    }

    [Fact]
    public async Task A_large_sidecar_is_refused_unread()
    {
        using var bucket = new InspectionBucket();
        await bucket.UploadAsync("a.mp4.json", new byte[Sidecar.LargestFile + 1]);

        InspectionRejectedException exception = await Assert.ThrowsAsync<InspectionRejectedException>(() => Sidecar.ReadAsync(bucket.Store, "a.mp4"));
        Assert.Equal(ReasonCode.InvalidSidecar, exception.Reason.Code);
    }

    private static Sidecar Parse(string json) => Sidecar.Parse("a.mp4.json", Encoding.UTF8.GetBytes(json));
}
