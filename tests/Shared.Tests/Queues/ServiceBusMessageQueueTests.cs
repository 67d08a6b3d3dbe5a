using Azure.Messaging.ServiceBus;
using CloudPipe.Queues;
using CloudPipe.Shared.Tests.Messages;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Queues;

/// <summary>
/// On the broker inside the process; on a real namespace where <c>CLOUDPIPE_TEST_SERVICEBUS</c> holds its connection
/// string and the build has the package (there a lock lasts 5 seconds at least).
/// </summary>
public sealed class ServiceBusMessageQueueTests : QueueContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _connection =
        Environment.GetEnvironmentVariable("CLOUDPIPE_TEST_SERVICEBUS") ?? $"Endpoint=sb://in-process/{Guid.NewGuid():N};UseDevelopmentEmulator=true";

    public override Task DisposeAsync()
    {
        _folder.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task An_id_longer_than_the_service_allows_is_kept()
    {
        IMessageQueue queue = await OpenAsync(new QueueOptions());
        string id = new('i', 500);
        await queue.SendAsync(Queue, new OutgoingMessage(id, "x"));

        Assert.Equal(id, Assert.Single(await queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1))).Id);
    }

    [Fact]
    public async Task The_trace_context_stands_where_Azure_s_own_tools_look_for_it()
    {
        IMessageQueue queue = await OpenAsync(new QueueOptions());
        await queue.SendAsync(Queue, new OutgoingMessage("traced", "{}") { Traceparent = MessageForms.Traceparent });
        await queue.SendAsync(Queue, new OutgoingMessage("untraced", "{}"));

        await using var client = new ServiceBusClient(_connection);
        IReadOnlyList<ServiceBusReceivedMessage> messages = await client.CreateReceiver(Queue).PeekMessagesAsync(2);

        Assert.Equal([MessageForms.Traceparent, MessageForms.Traceparent], [messages[0].ApplicationProperties["traceparent"], messages[0].ApplicationProperties["Diagnostic-Id"]]);
        Assert.DoesNotContain(messages[1].ApplicationProperties.Keys, key => key is "traceparent" or "Diagnostic-Id");
    }

    [Fact]
    public async Task What_the_client_sends_again_arrives_once()
    {
        IMessageQueue queue = await OpenAsync(new QueueOptions());
        await queue.SendAsync(Queue, new OutgoingMessage("once", "{}"));
        await using var client = new ServiceBusClient(_connection);
        await client.CreateSender(Queue).SendMessageAsync(new ServiceBusMessage((await client.CreateReceiver(Queue).PeekMessagesAsync(1))[0]));

        Assert.Equal("once", Assert.Single(await queue.ReceiveAsync(Queue, 2, TimeSpan.FromMinutes(1))).Id);
    }

    protected override async Task<IMessageQueue> OpenAsync(QueueOptions options)
    {
        var store = new FolderBlobStore(_folder.FullPath);
        await store.CreateContainersAsync([BlobContainers.Claims]);
        var queue = ServiceBusMessageQueue.Connect(_connection, new ClaimCheck(store), options);
        await queue.CreateQueuesAsync([Queue]);
        return queue;
    }

    protected override async Task<int> CountClaimsAsync() => await new FolderBlobStore(_folder.FullPath).ListAllAsync(BlobContainers.Claims).CountAsync();
}
