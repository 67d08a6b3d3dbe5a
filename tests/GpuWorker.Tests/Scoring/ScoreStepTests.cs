using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Tests.Scoring;

[Collection(TorchCollection.Name)]
public sealed class ScoreStepTests : IDisposable
{
    private readonly ScoringBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_shard_gets_one_row_of_probabilities_a_segment_and_the_reducer_is_told()
    {
        await _bench.PublishAsync();
        InspectionPlan plan = await _bench.PlanAsync("one", segments: 3);

        await _bench.Step.RunAsync(new ScoreMessage("one", 0, 0));

        ShardPrediction prediction = (await _bench.Store.ReadJsonAsync<ShardPrediction>(plan.PredictionPath(0, 0)))!;
        MemberPrediction member = Assert.Single(prediction.Members);
        Assert.Equal(3, member.Probabilities.Count);
        Assert.All(member.Probabilities, row => Assert.Equal(17, row.Count));
        Assert.All(member.Probabilities.SelectMany(row => row), probability => Assert.InRange(probability, 0f, 1f));
        ReceivedMessage told = Assert.Single(await _bench.Queue.ReceiveAsync(QueueNames.Reduce, 10, TimeSpan.FromSeconds(30)));
        ReduceMessage reduce = MessageSerializer.Deserialize<ReduceMessage>(told.Body);
        Assert.Equal(("one", 0, 0, false), (reduce.InspectionId, reduce.ShardIndex, reduce.GroupIndex, reduce.Repeat));
        Assert.Equal("one", reduce.Plan?.InspectionId);
        Assert.Equal(member.Probabilities, Assert.Single(reduce.Prediction!.Members).Probabilities);
    }

    [Fact]
    public async Task A_repeated_message_changes_nothing_and_tells_the_reducer_again()
    {
        await _bench.PublishAsync();
        InspectionPlan plan = await _bench.PlanAsync("one");
        await _bench.Step.RunAsync(new ScoreMessage("one", 0, 0));
        ReceivedMessage first = Assert.Single(await _bench.Queue.ReceiveAsync(QueueNames.Reduce, 10, TimeSpan.FromSeconds(30)));
        await _bench.Queue.CompleteAsync(first);
        string etag = (await _bench.Store.FindAsync(plan.PredictionPath(0, 0)))!.ETag;

        await _bench.Step.RunAsync(new ScoreMessage("one", 0, 0));

        Assert.Equal(etag, (await _bench.Store.FindAsync(plan.PredictionPath(0, 0)))!.ETag);
        ReceivedMessage second = Assert.Single(await _bench.Queue.ReceiveAsync(QueueNames.Reduce, 10, TimeSpan.FromSeconds(30)));
        Assert.Equal(first.Id, second.Id);

        // What another one wrote is what counts: the reducer reads it.
        ReduceMessage told = MessageSerializer.Deserialize<ReduceMessage>(second.Body);
        Assert.Equal((true, null), (told.Repeat, told.Prediction));
    }

    [Fact]
    public async Task The_same_shard_scores_the_same_bits_alone_and_in_a_batch()
    {
        await _bench.PublishAsync();
        InspectionPlan alone = await _bench.PlanAsync("alone", segments: 1);
        InspectionPlan together = await _bench.PlanAsync("together", segments: 4);

        await _bench.Step.RunAsync(new ScoreMessage("alone", 0, 0));
        await _bench.Step.RunAsync(new ScoreMessage("together", 0, 0));

        // Every segment shows the same tiles.
        IReadOnlyList<float> one = (await _bench.Store.ReadJsonAsync<ShardPrediction>(alone.PredictionPath(0, 0)))!.Members[0].Probabilities[0];
        ShardPrediction four = (await _bench.Store.ReadJsonAsync<ShardPrediction>(together.PredictionPath(0, 0)))!;
        Assert.All(four.Members[0].Probabilities, row => Assert.Equal(one, row));
    }

    [Fact]
    public async Task Weights_that_are_not_there_reject_the_inspection_and_name_the_file()
    {
        await _bench.PublishAsync(withWeights: false);
        await _bench.PlanAsync("one");

        var exception = await Assert.ThrowsAsync<InspectionRejectedException>(() => _bench.Step.RunAsync(new ScoreMessage("one", 0, 0)));

        Assert.Equal(ReasonCode.InvalidRelease, exception.Reason.Code);
        Assert.Contains("small/convnext_atto-fold0.safetensors", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weights_of_another_shape_reject_the_inspection_and_name_the_key()
    {
        await _bench.PublishAsync(networkClasses: 16);
        await _bench.PlanAsync("one");

        var exception = await Assert.ThrowsAsync<InspectionRejectedException>(() => _bench.Step.RunAsync(new ScoreMessage("one", 0, 0)));

        Assert.Equal(ReasonCode.InvalidRelease, exception.Reason.Code);
        Assert.Contains("head.fc.weight", exception.Message, StringComparison.Ordinal);
    }
}
