using CloudPipe.Deployment.Tests.Support;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class StorageTests
{
    private static BicepFile File => BicepFiles.Module("storage");

    private static IReadOnlyDictionary<string, BicepNode> Expiries => File.Named("expiries").Value.Elements.ToDictionary(expiry => expiry.Property("name")!.StringValue!);

    [Fact]
    public void Only_what_can_be_made_again_expires()
    {
        string[] prefixes = [.. Expiries.Values.SelectMany(expiry => expiry.Property("prefixes")!.Descendants())
            .Where(node => node.Type == "interpolation").Select(node => node.Source).Where(source => source.Contains("containers.", StringComparison.Ordinal))];

        Assert.Equal(
            ["${containers.claims}", "${containers.idempotency}", "${containers.inspections}", "${containers.predictions}", "${containers.shards}", "${containers.webhooks}"],
            prefixes.Order(StringComparer.Ordinal));
        Assert.Equal("'${containers.webhooks}/deliveries/'", Expiries["deliveries"].Property("prefixes")!.Elements.Single().Source);
        Assert.Equal("0", BicepFiles.Main.Named("inspectionDays").Value.Source);
    }

    [Fact]
    public void The_body_of_a_message_outlives_the_message()
    {
        // Dead letters in the container itself, 'dead-letters/…', are no queue's.
        Assert.Equal("map(items(queues),queue=>'${containers.claims}/${queue.value}/')", Expiries["claims"].Property("prefixes")!.Source);
        Assert.True(Number("claimDays") > 2 * Number("messageTimeToLiveDays"));
    }

    [Fact]
    public void What_is_deleted_or_overwritten_can_be_brought_back()
    {
        BicepNode service = File.ResourcesOf("Microsoft.Storage/storageAccounts/blobServices").Single().Body.Property("properties")!;

        Assert.Equal("true", service.Property("isVersioningEnabled")!.Source);
        Assert.Equal("true", service.At("deleteRetentionPolicy", "enabled")!.Source);
        Assert.Equal("true", service.At("containerDeleteRetentionPolicy", "enabled")!.Source);
        Assert.Equal("restoreDays", service.At("deleteRetentionPolicy", "days")!.Source);
    }

    private static int Number(string parameter) => int.Parse(BicepFiles.Main.Named(parameter).Value.Source);
}
