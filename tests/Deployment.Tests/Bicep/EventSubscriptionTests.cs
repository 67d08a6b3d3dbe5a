using CloudPipe.Deployment.Tests.Support;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class EventSubscriptionTests
{
    private static BicepNode Subscription => BicepFiles.Module("event-subscription").ResourcesOf("Microsoft.EventGrid/systemTopics/eventSubscriptions").Single().Body.Property("properties")!;

    [Fact]
    public void Events_go_to_the_webhook_of_the_blob_extension() => Assert.Equal(
        "'https://${functionsHostName}/runtime/webhooks/blobs?functionName=Host.Functions.${functionName}&code=${blobsKey}'",
        Subscription.At("destination", "properties", "endpointUrl")!.Source);

    [Fact]
    public void Each_container_that_a_function_watches_has_a_subscription()
    {
        string[] subscribed = [.. BicepFiles.Events.Modules.Select(module => $"{module.Body.At("params", "containerName")!.Source} {module.Body.At("params", "functionName")!.Source}")];

        Assert.Equal(
            BicepFiles.Names.Names("blobFunctions").Keys.Select(key => $"containers.{key} blobFunctions.{key}").Order(StringComparer.Ordinal),
            subscribed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_whole_blobs_of_that_container_count()
    {
        BicepNode filter = Subscription.Property("filter")!;

        Assert.Equal("['Microsoft.Storage.BlobCreated']", filter.Property("includedEventTypes")!.Source);
        Assert.Equal("'/blobServices/default/containers/${containerName}/blobs/'", filter.Property("subjectBeginsWith")!.Source);
        BicepNode api = filter.Property("advancedFilters")!.Elements.Single();
        Assert.Equal(("StringIn", "data.api"), (api.Property("operatorType")!.StringValue, api.Property("key")!.StringValue));
        Assert.Equal(["CopyBlob", "FlushWithClose", "PutBlob", "PutBlockList", "SftpCommit"], api.Property("values")!.Elements.Select(value => value.StringValue));
    }

    [Fact]
    public void What_cannot_be_delivered_is_kept()
    {
        BicepNode destination = Subscription.At("deadLetterWithResourceIdentity", "deadLetterDestination", "properties")!;

        Assert.Equal("eventDeadLetters", destination.Property("blobContainerName")!.Source);
        Assert.Equal("eventDeadLetters", BicepFiles.Module("storage").Named("eventDeadLetterContainer").Body.Property("name")!.Source);
        Assert.Equal("SystemAssigned", Subscription.At("deadLetterWithResourceIdentity", "identity", "type")!.StringValue);
        Assert.Equal("SystemAssigned", BicepFiles.Module("event-topic").Named("topic").Body.At("identity", "type")!.StringValue);
    }

    [Fact]
    public void The_subscriptions_are_not_part_of_the_first_deployment() =>
        Assert.DoesNotContain(BicepFiles.Main.Modules, module => module.Target == "modules/event-subscription.bicep");
}
