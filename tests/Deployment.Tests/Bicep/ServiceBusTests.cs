using System.Xml;
using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Queues;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class ServiceBusTests
{
    private static BicepFile File => BicepFiles.Module("service-bus");

    private static BicepNode Queue => Assert.Single(File.ResourcesOf("Microsoft.ServiceBus/namespaces/queues")).Body.Property("properties")!;

    [Fact]
    public void The_queue_delivers_as_often_as_the_code_expects()
    {
        string[] product = Queue.Property("maxDeliveryCount")!.Source.Split('*');
        Assert.Equal("maxDeliveryCount", product[1]);
        Assert.Equal("maxDeliveryCount", BicepFiles.Main.Modules.Single(module => module.Name == "serviceBus").Body.At("params", "maxDeliveryCount")!.Source);

        // Both the default and the factor: another count in the configuration goes the same way.
        int count = int.Parse(BicepFiles.Main.Named("maxDeliveryCount").Value.Source);
        Assert.Equal(new QueueOptions().MaxDeliveryCount, count);
        Assert.Equal(new QueueOptions().DeliveryLimit, int.Parse(product[0]) * count);
        Assert.Equal(new QueueOptions { MaxDeliveryCount = 7 }.DeliveryLimit, int.Parse(product[0]) * 7);
    }

    [Fact]
    public void The_lock_is_as_long_as_the_processes_are_told()
    {
        TimeSpan locked = XmlConvert.ToTimeSpan(Queue.Property("lockDuration")!.StringValue!);

        Assert.Equal(TimeSpan.FromMinutes(5), locked);
        Assert.Equal(locked, TimeSpan.Parse(Settings.Of(BicepFiles.Module("functions-app")).Single(setting => setting.Name == "CloudPipe__Queue__VisibilityTimeout").Value.StringValue!));
        Assert.Equal(locked, TimeSpan.Parse(Settings.Of(BicepFiles.Module("worker-job")).Single(setting => setting.Name == "CloudPipe__Queue__VisibilityTimeout").Value.StringValue!));
    }

    [Fact]
    public void Nothing_is_dropped_in_silence()
    {
        Assert.Equal("true", Queue.Property("deadLetteringOnMessageExpiration")!.Source);
        Assert.Equal("false", Queue.Property("enablePartitioning")!.Source);
        Assert.Equal("'P${messageTimeToLiveDays}D'", Queue.Property("defaultMessageTimeToLive")!.Source);
        Assert.Equal("14", BicepFiles.Main.Named("messageTimeToLiveDays").Value.Source);
    }

    [Fact]
    public void What_a_client_sends_again_arrives_once()
    {
        Assert.Equal("true", Queue.Property("requiresDuplicateDetection")!.Source);
        Assert.Equal(ServiceBusMessageQueue.DuplicateWindow, XmlConvert.ToTimeSpan(Queue.Property("duplicateDetectionHistoryTimeWindow")!.StringValue!));
    }

    [Fact]
    public void Private_endpoints_come_with_premium() => Assert.Equal(
        "privateNetworking?'Premium':'Standard'", BicepFiles.Main.Modules.Single(module => module.Name == "serviceBus").Body.At("params", "sku")!.Source);

    [Fact]
    public void The_workers_receive_what_they_serve_and_send_what_follows()
    {
        Assert.Equal("[queues.score,queues.train]", File.Named("workerReceives").Value.Source);
        Assert.Equal(
            ["queues.deliver", "queues.events", "queues.reduce", "queues.reduceRun", "queues.train"],
            File.Named("workerSends").Value.Elements.Select(element => element.Source).Order(StringComparer.Ordinal));
    }
}
