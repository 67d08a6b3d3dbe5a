using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CloudPipe.Datasets;
using CloudPipe.Ensembling;
using CloudPipe.Familiarity;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Methods;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Storage;
using CloudPipe.Telemetry;
using CloudPipe.Tests.Support;

namespace CloudPipe.Functions.Tests.Runs;

/// <summary>A training run from its request to its release, with made-up outcomes in place of trained folds.</summary>
public sealed class TrainingRunTests : IDisposable
{
    private const int Samples = 24;
    private const string Request = """{ "dataset": "pipes", "models": [{ "architecture": "convnext_atto" }, { "architecture": "resnet18", "tileSize": 32 }], "folds": 3 }""";

    private readonly Bucket bucket = new();

    public void Dispose() => bucket.Dispose();

    [Fact]
    public async Task A_request_becomes_one_message_per_network_and_fold()
    {
        RunPlan plan = await PlanAsync(Request);

        Assert.Equal("run", plan.Release);
        Assert.Equal(Samples, plan.Folds.Count);
        Assert.All(Enumerable.Range(0, 3), fold => Assert.Equal(Samples / 3, plan.HeldOut(fold).Length));
        Assert.Equal(
            ["convnext_atto 0", "convnext_atto 1", "convnext_atto 2", "resnet18 0", "resnet18 1", "resnet18 2"],
            (await ReceiveAsync<TrainMessage>(QueueNames.Train)).Select(message => $"{message.Architecture} {message.Fold}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_request_that_is_seen_again_is_planned_as_before()
    {
        RunPlan plan = await PlanAsync(Request);
        await bucket.Get<StepRunner>().PlanRunAsync(bucket.Get<PlanRunStep>(), "run.json", CancellationToken.None);

        Assert.Equal(plan.Folds, (await bucket.Get<RunWriter>().ReadPlanAsync(plan.RunId)).Folds);
        Assert.Equal(6, (await ReceiveAsync<TrainMessage>(QueueNames.Train)).DistinctBy(message => message.Id).Count());
    }

    [Fact]
    public async Task Its_spans_stand_in_one_trace_from_the_request_over_slices_to_the_event()
    {
        await ImportAsync("pipes");
        string runId = await WriteAsync(Request);
        using var spans = new RecordedSpans(CloudPipeTrace.RootOf(runId).TraceId);

        await bucket.Get<StepRunner>().PlanRunAsync(bucket.Get<PlanRunStep>(), "run.json", CancellationToken.None);
        RunPlan plan = await bucket.Get<RunWriter>().ReadPlanAsync(runId);
        await HandleAllAsync<TrainMessage>((message, _) => bucket.Queue.SendAsync((message with { Slice = 1 }).Id, message with { Slice = 1 }));
        await HandleAllAsync<TrainMessage>((message, _) => TellFoldAsync(plan, plan.FindModel(message.Architecture)!, message.Fold));
        await HandleAllAsync<ReduceRunMessage>(bucket.Get<ReduceRunStep>().HandleAsync);

        Assert.Equal(RunStatus.Completed, (await bucket.Get<RunWriter>().FindAsync(runId))?.Status);
        Dictionary<ActivitySpanId, Activity> byId = spans.Ended.ToDictionary(span => span.SpanId);
        var edges = spans.Ended.GroupBy(span => (Parent: span.ParentId is null ? null : byId[span.ParentSpanId].DisplayName, span.DisplayName)).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(
            new Dictionary<(string?, string), int>
            {
                [(null, "plan-run")] = 1,
                [("plan-run", "send train")] = 6,
                [("send train", "process train")] = 12,
                [("process train", "send train")] = 6,
                [("process train", "send reduce-run")] = 6,
                [("send reduce-run", "process reduce-run")] = 6,

                // Whoever finds the run completed sends its event again, under the same id.
                [("process reduce-run", "send events")] = 6,
            },
            edges);
        Assert.All(spans.Ended.Where(span => span.DisplayName == "process train"), span => Assert.Equal(runId, span.GetTagItem("cloudpipe.run.id")));
    }

    [Theory]
    [InlineData("""{ "dataset": "pipes", "fold": 3 }""", "fold")]
    [InlineData("""{ "dataset": "pipes", "folds": 1 }""", "folds is 1")]
    [InlineData("""{ "dataset": "pipes", "folds": 20 }""", "20 folds need at least 40")]
    [InlineData("""{ "dataset": "sewers" }""", "no data set 'sewers'")]
    [InlineData("""{ "dataset": "pipes", "recipe": { "epochs": 0, "emaDecay": 2 } }""", "emaDecay is 2")]
    [InlineData("""{ "dataset": "pipes", "models": [{ "architecture": "../x" }] }""", "cannot be an architecture's name")]
    [InlineData("""{ "dataset": "pipes", "models": [{ "architecture": "resnet18", "initialWeights": "none.pth" }] }""", "'none.pth', which is not in the container training")]
    [InlineData("""{ "dataset": "pipes", "release": "taken" }""", "exists already")]
    [InlineData("""{ "dataset": "pipes", "evaluation": "other" }""", "'other', whose grid or classes")]
    [InlineData("""{ "dataset": "pipes", "recipe": { "frameChoice": "random" } }""", "frameChoice random needs several frames a tile, and 'pipes' has one")]
    [InlineData("""{ "dataset": "pipes", "models": [{ "architecture": "resnet18", "recipe": { "frameChoice": "random" } }] }""", "frameChoice random")]
    [InlineData("""{ "dataset": "pipes", "testTimeAugmentation": { "resample": true } }""", "4 are cut for 4 tiles")]
    [InlineData("""{ "dataset": "pipes", "testTimeAugmentation": { "shuffle": 100 } }""", "shuffle is 100")]
    [InlineData("""{ "dataset": "pipes", "testTimeAugmentation": { "mirror": true } }""", "mirror")]
    [InlineData("""{ "dataset": "dense", "evaluation": "pipes", "testTimeAugmentation": { "resample": true } }""", "not sampled as those of 'dense'")]
    [InlineData("""{ "dataset": "pipes", "recipe": { "method": "frames" }, "testTimeAugmentation": { "shuffle": 2 } }""", "flip is of every method")]
    [InlineData("""{ "dataset": "pipes", "recipe": { "method": "video" } }""", "not understood")]
    [InlineData("""{ "dataset": "pipes", "recipe": { "method": "featureMemory", "headWidth": 30 } }""", "headWidth is 30")]
    [InlineData("""{ "dataset": "pipes", "models": [{ "architecture": "resnet18", "recipe": { "method": "featureMemory" } }] }""", "Import it sampled densely")]
    [InlineData("""{ "dataset": "pipes", "recipe": { "method": "frames", "framesPerSample": 5 } }""", "framesPerSample is 5")]
    [InlineData("""{ "dataset": "pipes", "evaluation": "dense", "recipe": { "method": "frames" } }""", "not sampled as those of 'pipes'")]
    [InlineData("no json", "not understood")]
    public async Task A_request_that_cannot_be_carried_out_fails_with_the_reason_and_an_event(string request, string reason)
    {
        await ImportAsync("pipes");
        await ImportAsync("other", grid: 4);
        await ImportAsync("dense", cut: new DatasetCut(2, 64, 12, FrameSampling.Dense));
        await bucket.Store.WriteBytesAsync(Release.PathOf("taken"), [1]);
        string runId = await DropAsync(request);

        RunResult result = (await bucket.Get<RunWriter>().FindAsync(runId))!;
        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
        Assert.Empty(await ReceiveAsync<TrainMessage>(QueueNames.Train));
        JsonElement sent = Assert.Single(await EventsAsync());
        Assert.Equal("com.cloudpipe.run.failed", sent.GetProperty("type").GetString());
        Assert.Equal("run.json", sent.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task After_the_last_fold_there_is_a_release_a_report_and_one_event()
    {
        RunPlan plan = await PlanAsync(Request);
        (RunModel Model, int Fold)[] tasks = [.. plan.Tasks];
        foreach ((RunModel model, int fold) in tasks.Skip(1))
        {
            await EndFoldAsync(plan, model, fold);
            Assert.Null(await bucket.Get<RunWriter>().FindAsync(plan.RunId));
        }

        await EndFoldAsync(plan, tasks[0].Model, tasks[0].Fold);
        RunResult result = (await bucket.Get<RunWriter>().FindAsync(plan.RunId))!;
        Assert.Equal(RunStatus.Completed, result.Status);
        Assert.Equal("run", result.Release);
        Assert.Equal(1, result.MeanAveragePrecision);
        Release release = await new ReleaseStore(bucket.Store).GetAsync("run");
        Assert.Equal(6, release.Members.Count);
        Assert.Equal(1, release.Members.DistinctBy(member => member.Architecture).Sum(member => member.Weight), 1e-12);
        Assert.Contains("<html", Encoding.UTF8.GetString((await bucket.Store.ReadBytesAsync(RunResult.FileOf(plan.RunId, "report.html")))!), StringComparison.Ordinal);

        // Messages come again and out of order: nothing changes, and the event keeps its id.
        await ReduceAsync(plan, tasks[3].Model, tasks[3].Fold);
        Assert.Equal(result, (await bucket.Get<RunWriter>().FindAsync(plan.RunId))! with { Folds = result.Folds });
        Assert.Single((await EventsAsync()).Select(sent => sent.GetProperty("id").GetString()).Distinct());
    }

    [Theory]
    [InlineData(4, FrameSampling.Uniform, "", null, FrameSampling.Uniform)]
    [InlineData(4, FrameSampling.Sequence, "", null, FrameSampling.Sequence)]
    [InlineData(8, FrameSampling.Sequence, "", 8, FrameSampling.Sequence)]
    [InlineData(12, FrameSampling.Dense, "", null, FrameSampling.Uniform)]
    [InlineData(12, FrameSampling.Dense, "\"flip\": true", null, FrameSampling.Uniform)]
    [InlineData(12, FrameSampling.Dense, "\"resample\": true", 12, FrameSampling.Dense)]
    public async Task The_release_shows_its_networks_the_frames_that_they_learnt_from(int frames, FrameSampling sampling, string views, int? expectedFrames, FrameSampling expectedSampling)
    {
        string request = views.Length == 0 ? Request : $"{Request[..^2]}, \"testTimeAugmentation\": {{ {views} }} }}";
        RunPlan plan = await PlanAsync(request, new DatasetCut(2, 64, frames, sampling));
        foreach ((RunModel model, int fold) in plan.Tasks)
            await EndFoldAsync(plan, model, fold);

        Release release = await new ReleaseStore(bucket.Store).GetAsync("run");
        Assert.Equal((expectedFrames, expectedSampling), (release.Frames, release.Sampling));
        Assert.Equal(plan.Request.TestTimeAugmentation, release.TestTimeAugmentation);
        Assert.Equal(views.Length > 0, release.TestTimeAugmentation is not null);
    }

    [Fact]
    public async Task The_release_scores_by_the_methods_that_its_networks_were_trained_with()
    {
        RunPlan plan = await PlanAsync(
            """
            { "dataset": "pipes", "folds": 2, "recipe": { "method": "featureMemory", "headLayers": 3, "headWidth": 64 },
              "models": [{ "architecture": "convnext_atto" }, { "architecture": "resnet18", "recipe": { "method": "frames", "framePooling": "max" } }, { "architecture": "resnet26", "recipe": {} }] }
            """,
            new DatasetCut(2, 64, 12, FrameSampling.Dense));
        foreach ((RunModel model, int fold) in plan.Tasks)
            await EndFoldAsync(plan, model, fold);

        Release release = await new ReleaseStore(bucket.Store).GetAsync("run");
        Assert.Equal((12, FrameSampling.Dense), (release.Frames, release.Sampling));
        Assert.Equal(new MemberMethod(MethodKind.FeatureMemory, Head: new FeatureHead(3, 4, 64)), release.Members.First(member => member.Architecture == "convnext_atto").Method);
        Assert.Equal(new MemberMethod(MethodKind.Frames, FramePooling.Max), release.Members.First(member => member.Architecture == "resnet18").Method);
        Assert.Null(release.Members.First(member => member.Architecture == "resnet26").Method);
    }

    [Fact]
    public async Task The_release_carries_the_feature_statistics_of_the_networks_that_it_uses()
    {
        RunPlan plan = await PlanAsync(Request);
        foreach ((RunModel model, int fold) in plan.Tasks)
            await EndFoldAsync(plan, model, fold, tellsFamiliarity: fold < 2);

        Release release = await new ReleaseStore(bucket.Store).GetAsync("run");

        Assert.Equal(FamiliarityModel.UsualThreshold, release.Familiarity!.Threshold);
        Assert.Equal(
            ["convnext_atto 0", "convnext_atto 1", "resnet18 0", "resnet18 1"],
            release.Familiarity.Members.Select(statistics => $"{statistics.Architecture} {statistics.Fold}"));
    }

    [Fact]
    public async Task Folds_without_feature_statistics_make_a_release_without()
    {
        RunPlan plan = await PlanAsync(Request);
        foreach ((RunModel model, int fold) in plan.Tasks)
            await EndFoldAsync(plan, model, fold);

        Assert.DoesNotContain("amiliar", Encoding.UTF8.GetString((await bucket.Store.ReadBytesAsync(Release.PathOf("run")))!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fold_that_is_given_up_fails_the_run_and_leaves_the_others_their_outcomes()
    {
        RunPlan plan = await PlanAsync(Request);
        (RunModel Model, int Fold)[] tasks = [.. plan.Tasks];
        foreach ((RunModel model, int fold) in tasks.Skip(1))
            await EndFoldAsync(plan, model, fold);

        string body = MessageSerializer.Serialize(new TrainMessage(plan.RunId, tasks[0].Model.Architecture, tasks[0].Fold));
        await bucket.Get<StepRunner>().RecordFailureAsync(body, "The graphics card is on fire.", CancellationToken.None);
        await ReduceAsync(plan, tasks[0].Model, tasks[0].Fold);

        RunResult failed = (await bucket.Get<RunWriter>().FindAsync(plan.RunId))!;
        Assert.Equal(RunStatus.Failed, failed.Status);
        Assert.Contains("1 of 6 folds could not be trained, and there is no release. convnext_atto, fold 0: The graphics card is on fire.", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(5, failed.Folds.Count(fold => fold.Weights is not null));
        Assert.Null(await bucket.Store.FindAsync(Release.PathOf("run")));

        // A requeued message that ends better makes it good.
        await EndFoldAsync(plan, tasks[0].Model, tasks[0].Fold);
        Assert.Equal(RunStatus.Completed, (await bucket.Get<RunWriter>().FindAsync(plan.RunId))!.Status);
        Assert.Equal(["com.cloudpipe.run.failed", "com.cloudpipe.run.completed"], (await EventsAsync()).Select(sent => sent.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_trained_fold_is_not_lost_to_a_late_failure()
    {
        RunPlan plan = await PlanAsync(Request);
        (RunModel model, int fold) = plan.Tasks.First();
        await EndFoldAsync(plan, model, fold);

        await bucket.Get<RunWriter>().FailFoldAsync(plan.RunId, model.Architecture, fold, "late");

        Assert.Null((await bucket.Get<RunWriter>().FindAsync(plan.RunId, model.Architecture, fold))!.Failure);
    }

    [Fact]
    public async Task A_request_whose_event_never_came_is_swept_up()
    {
        await ImportAsync("pipes");
        string runId = await WriteAsync(Request);
        bucket.Time.Now = DateTimeOffset.UtcNow.AddHours(1);

        await bucket.Get<SweepStep>().RunAsync(CancellationToken.None);

        Assert.Equal("run", (await bucket.Get<RunWriter>().ReadPlanAsync(runId)).Release);
    }

    private async Task<RunPlan> PlanAsync(string request, DatasetCut? cut = null)
    {
        await ImportAsync("pipes", cut: cut);
        return await bucket.Get<RunWriter>().ReadPlanAsync(await DropAsync(request));
    }

    private async Task<string> DropAsync(string request)
    {
        string runId = await WriteAsync(request);
        await bucket.Get<StepRunner>().PlanRunAsync(bucket.Get<PlanRunStep>(), "run.json", CancellationToken.None);
        return runId;
    }

    private async Task<string> WriteAsync(string request)
    {
        var path = new BlobPath(BlobContainers.Training, "run.json");
        await bucket.Store.WriteBytesAsync(path, Encoding.UTF8.GetBytes(request));
        return RunId.Create(path.Name, (await bucket.Store.FindAsync(path))!.ETag);
    }

    private Task ImportAsync(string name, int grid = 2, DatasetCut? cut = null)
    {
        DatasetEntry[] samples = [.. Enumerable.Range(0, Samples).Select(key => new DatasetEntry(key, $"{key}.mp4", Labels(key), grid * grid, 10))];
        int[] counts = [.. Enumerable.Range(0, 17).Select(label => samples.Count(sample => sample.Labels.Contains(label)))];
        var dataset = new Dataset(name, "plan", DatasetFormat.QvPipe, QvPipeTaxonomy.Taxonomy, cut ?? DatasetCut.Uniform(grid, 64), Samples, 0, counts, [new DatasetShard(0, $"sha of {name}", 1, samples, [])]);
        return bucket.Store.WriteJsonAsync(Dataset.PathOf(name), dataset);
    }

    private static int[] Labels(int key) => key % 4 == 0 ? [0] : [1 + (key % 3)];

    private async Task HandleAllAsync<T>(Func<T, CancellationToken, Task> step)
        where T : Message
    {
        foreach (ReceivedMessage delivery in await bucket.Queue.ReceiveAsync(QueueNames.Of<T>(), 32, TimeSpan.FromMinutes(1)))
        {
            await bucket.Get<StepRunner>().RunAsync(delivery, step, CancellationToken.None);
            await bucket.Queue.CompleteAsync(delivery);
        }
    }

    private async Task EndFoldAsync(RunPlan plan, RunModel model, int fold, bool tellsFamiliarity = false)
    {
        await TellFoldAsync(plan, model, fold, tellsFamiliarity);
        await ReduceAsync(plan, model, fold);
    }

    // Says of every sample what is so.
    private Task TellFoldAsync(RunPlan plan, RunModel model, int fold, bool tellsFamiliarity = false)
    {
        double[][] probabilities = [.. plan.HeldOut(fold).Select(sample => Enumerable.Range(0, 17).Select(label => Labels(sample).Contains(label) ? 0.8 : 0.1).ToArray())];
        var training = new FoldTraining($"run/{model.Architecture}-fold{fold}.safetensors", "00", model.TileSize ?? 64, 1, [new EpochResult(1, 0.5, 0.5)], probabilities, null)
        {
            FeatureStatistics = tellsFamiliarity ? new FeatureStatistics(model.Architecture, fold, 0, [1], [0], [1], [0, 1]) : null,
        };
        return bucket.Get<RunWriter>().EndFoldAsync(plan.RunId, new FoldOutcome(model.Architecture, fold, bucket.Time.Now, null, training));
    }

    private Task ReduceAsync(RunPlan plan, RunModel model, int fold)
    {
        var message = new ReduceRunMessage(plan.RunId, model.Architecture, fold);
        var delivery = new ReceivedMessage(QueueNames.ReduceRun, message.Id, MessageSerializer.Serialize(message), 1, bucket.Time.Now, "receipt");
        return bucket.Get<StepRunner>().RunAsync<ReduceRunMessage>(delivery, bucket.Get<ReduceRunStep>().HandleAsync, CancellationToken.None);
    }

    private async Task<List<T>> ReceiveAsync<T>(string queue)
        where T : Message => [.. (await bucket.Queue.ReceiveAsync(queue, 32, TimeSpan.FromMinutes(1))).Select(message => MessageSerializer.Deserialize<T>(message.Body))];

    private async Task<List<JsonElement>> EventsAsync() =>
        [.. (await bucket.Queue.ReceiveAsync(QueueNames.Events, 32, TimeSpan.FromMinutes(1))).Select(message => JsonSerializer.Deserialize<JsonElement>(message.Body))];
}
