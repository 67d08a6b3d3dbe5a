using CloudPipe.Functions.Api.DeadLetters;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Messages;
using CloudPipe.Queues;

namespace CloudPipe.Functions.Tests.Api;

public sealed class DeadLettersApiTests : IDisposable
{
    private readonly Bucket _bucket = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task Dead_letters_are_shown_with_what_they_are_about()
    {
        await SetAsideAsync(QueueNames.Cut, "c1", MessageSerializer.Serialize(new CutMessage("film-1", 0)));
        await SetAsideAsync(QueueNames.Train, "t1", MessageSerializer.Serialize(new TrainMessage("run-1", "resnet18", 0)));
        await SetAsideAsync(QueueNames.Score, "s1", "no json");

        DeadLetterList all = (await _bucket.Api.GetAsync("/api/dead-letters")).Read<DeadLetterList>();
        DeadLetterList cut = (await _bucket.Api.GetAsync("/api/dead-letters?queue=cut")).Read<DeadLetterList>();

        Assert.Equal([("cut", "c1", "film-1"), ("score", "s1", null), ("train", "t1", "run-1")], all.Items.Select(item => (item.Queue, item.Id, item.Subject)).Order());
        Assert.All(all.Items, item => Assert.Equal("it broke", item.Reason));
        Assert.Equal("c1", Assert.Single(cut.Items).Id);
        Assert.Empty(all.Truncated);
    }

    [Fact]
    public async Task A_queue_with_more_than_the_limit_is_named()
    {
        foreach (string id in new[] { "a", "b", "c" })
        {
            await SetAsideAsync(QueueNames.Cut, id, "{}");
        }

        DeadLetterList list = (await _bucket.Api.GetAsync("/api/dead-letters?limit=2")).Read<DeadLetterList>();

        Assert.Equal((2, "cut"), (list.Items.Count, Assert.Single(list.Truncated)));
        Assert.Empty((await _bucket.Api.GetAsync("/api/dead-letters?limit=3")).Read<DeadLetterList>().Truncated);
    }

    [Fact]
    public async Task One_is_sent_again_or_all_of_a_queue()
    {
        foreach (string id in new[] { "a", "b", "c" })
        {
            await SetAsideAsync(QueueNames.Cut, id, "{}");
        }

        Assert.Equal(1, (await _bucket.Api.PostAsync("/api/dead-letters", """{"queue":"cut","id":"b"}""")).Read<Requeued>().Count);
        Assert.Equal(new QueueStatistics(1, 2), await _bucket.Queue.GetStatisticsAsync(QueueNames.Cut));
        Assert.Equal(2, (await _bucket.Api.PostAsync("/api/dead-letters", """{"queue":"cut","all":true}""")).Read<Requeued>().Count);
        Assert.Equal(new QueueStatistics(3, 0), await _bucket.Queue.GetStatisticsAsync(QueueNames.Cut));
        Assert.Equal(404, (await _bucket.Api.PostAsync("/api/dead-letters", """{"queue":"cut","id":"b"}""")).Status);
    }

    [Theory]
    [InlineData("""{"queue":"cuts","all":true}""", "queue")]
    [InlineData("""{"queue":"cut"}""", "id")]
    [InlineData("""{"queue":"cut","id":"a","all":true}""", "id")]
    [InlineData("""{"id":"a"}""", "queue")]
    public async Task What_is_meant_must_be_said(string body, string field)
    {
        await SetAsideAsync(QueueNames.Cut, "a", "{}");

        ApiResponse response = await _bucket.Api.PostAsync("/api/dead-letters", body);

        Assert.Equal((400, field), (response.Status, response.Problem.Field));
        Assert.Equal(1, (await _bucket.Queue.GetStatisticsAsync(QueueNames.Cut)).DeadLetters);
    }

    [Fact]
    public async Task An_unknown_queue_is_named() =>
        Assert.Equal((400, "queue"), await _bucket.Api.GetAsync("/api/dead-letters?queue=x") is var response ? (response.Status, response.Problem.Field) : default);

    private async Task SetAsideAsync(string queue, string id, string body)
    {
        await _bucket.Queue.SendAsync(queue, new OutgoingMessage(id, body));
        await _bucket.Queue.DeadLetterAsync(Assert.Single(await _bucket.Queue.ReceiveAsync(queue, 1, TimeSpan.FromMinutes(1))), "it broke");
    }
}
