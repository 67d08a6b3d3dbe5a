using CloudPipe.Configuration;
using CloudPipe.Queues;
using CloudPipe.Webhooks;
using Microsoft.Extensions.Configuration;

namespace CloudPipe.Local.Tests.Configuration;

public sealed class ConfigurationCheckTests
{
    private static readonly OptionsSection[] _sections =
        [new("CloudPipe:Queue", typeof(QueueOptions)), new("CloudPipe:Queue", typeof(QueueTransportOptions)), new("CloudPipe:Webhooks", typeof(WebhookOptions))];

    [Theory]
    [InlineData("CloudPipe:Queue:MaxDeliveryCount")]
    [InlineData("cloudpipe:queue:kind")]
    [InlineData("CloudPipe:Webhooks:Endpoints:3:Url")]
    [InlineData("CloudPipe:Webhooks:Endpoints:0:Secrets:1")]
    [InlineData("Logging:LogLevel:Default")]
    public void Takes_a_key_that_something_reads(string key) => Assert.Empty(Check(key));

    [Theory]
    [InlineData("CloudPipe:Queue:MaxDeliverCount", "CloudPipe:Queue:MaxDeliveryCount")]
    [InlineData("CloudPipe:Qeue:Kind", "CloudPipe:Queue:Kind")]
    [InlineData("CloudPipe:Webhooks:Endpoints:0:Uri", "CloudPipe:Webhooks:Endpoints:*:Url")]
    [InlineData("CloudPipe:Queue:DeliveryLimit", "CloudPipe:Queue:")]
    public void Refuses_any_other_and_names_the_nearest(string key, string nearest)
    {
        string fault = Assert.Single(Check(key));

        Assert.Contains($"'{key}'", fault);
        Assert.Contains(nearest, fault);
    }

    private static IReadOnlyList<string> Check(string key) => ConfigurationCheck.FindUnknownKeys(
        new ConfigurationBuilder().AddInMemoryCollection([new(key, "1")]).Build(), _sections);
}
