using Azure.Storage.Queues;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Queues;

[Collection(AzuriteCollection.Name)]
public sealed class AzureStorageMessageQueueTests(AzuriteFixture azurite) : QueueContract
{
    [Fact]
    public Task Two_processes_drain_one_queue() => TwoProcesses.DrainAsync("storage", azurite.ConnectionString, messages: 300, consumers: 4);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_travels_as_it_is_in_base64_or_plain(bool base64)
    {
        const string Event = "{\"specversion\":\"1.0\",\"id\":\"e1\"}";
        var queue = new AzureStorageMessageQueue(new QueueServiceClient(azurite.ConnectionString), Claims(), new QueueOptions(), base64: base64);
        await queue.CreateQueuesAsync([Queue]);
        await queue.SendAsync(Queue, new OutgoingMessage("e1", Event));

        var options = new QueueClientOptions { MessageEncoding = base64 ? QueueMessageEncoding.Base64 : QueueMessageEncoding.None };
        var reader = new QueueClient(azurite.ConnectionString, Queue, options);
        Assert.Equal(Event, (await reader.PeekMessageAsync()).Value.Body.ToString());
    }

    [Theory]
    [InlineData("not from CloudPipe")]
    [InlineData("/w==")]
    [InlineData("{\"cloudPipe\":1,broken")]
    public async Task A_message_of_another_program_is_delivered_as_it_is(string text)
    {
        IMessageQueue queue = await OpenAsync(new QueueOptions());
        string id = (await new QueueClient(azurite.ConnectionString, Queue).SendMessageAsync(text)).Value.MessageId;

        ReceivedMessage message = Assert.Single(await queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1)));

        Assert.Equal(text, message.Body);
        Assert.Equal(id, message.Id);
    }

    [Fact]
    public async Task A_message_whose_body_is_gone_becomes_a_dead_letter_that_says_so()
    {
        IMessageQueue queue = await OpenAsync(new QueueOptions());
        await queue.SendAsync(Queue, new OutgoingMessage("large", new string('x', 100_000)));
        await foreach (BlobProperties claim in Claims().ListAllAsync(BlobContainers.Claims, $"{Queue}/"))
        {
            await Claims().DeleteAsync(claim.Path);
        }

        Assert.Empty(await queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1)));

        Assert.Contains("is gone", Assert.Single(await queue.ListDeadLettersAsync(Queue)).Reason, StringComparison.Ordinal);
    }

    protected override async Task<IMessageQueue> OpenAsync(QueueOptions options)
    {
        var queue = new AzureStorageMessageQueue(new QueueServiceClient(azurite.ConnectionString), Claims(), options);
        await queue.CreateQueuesAsync([Queue]);
        return queue;
    }

    protected override async Task<int> CountClaimsAsync() => await Claims().ListAllAsync(BlobContainers.Claims, $"{Queue}/").CountAsync();

    private AzureBlobStore Claims() => AzureBlobStore.Connect(azurite.ConnectionString);
}
