using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudPipe.Ensembling;
using CloudPipe.Events;
using CloudPipe.Familiarity;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Storage;
using CloudPipe.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static CloudPipe.Shared.Tests.Doubles.Samples;

namespace CloudPipe.Shared.Tests.Inspections;

public sealed class ReduceStepTests : IDisposable
{
    private readonly ObservedBlobStore _blobs = new();
    private readonly RecordingQueue _queue = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _blobs.Dispose();

    [Fact]
    public async Task The_last_prediction_brings_the_result_and_none_before()
    {
        InspectionPlan plan = await GivenAsync(Plan([2, 1], groups: 2));

        foreach ((int shard, int group) in new[] { (1, 1), (0, 0), (0, 1) })
        {
            await HandleAsync(plan, shard, group);
            Assert.Null(await ResultAsync(plan));
        }

        await HandleAsync(plan, 1, 0);

        InspectionResult result = (await ResultAsync(plan))!;
        Assert.Equal(InspectionStatus.Completed, result.Status);
        Assert.Equal(3, result.Segments.Count);
        Assert.Equal(["CK"], result.Defects.Select(defect => defect.Code));
        Assert.Equal("Mill Lane", result.Metadata!["street"]);
        Assert.Equal(5, result.SecondsFromUpload);
        Assert.Equal([$"{plan.InspectionId}.completed"], EventIds());
        Assert.NotNull(await _blobs.FindAsync(InspectionResult.ReportPathOf(plan.InspectionId)));
    }

    [Fact]
    public async Task Repeats_leave_the_result_as_it_is_and_emit_the_same_event()
    {
        InspectionPlan plan = await GivenAsync(Plan([1, 1]));
        await HandleAsync(plan, 0, 0);
        await HandleAsync(plan, 0, 0);
        await HandleAsync(plan, 1, 0);
        byte[] first = (await _blobs.ReadBytesAsync(InspectionResult.PathOf(plan.InspectionId)))!;

        _time.Advance(TimeSpan.FromHours(1));
        await HandleAsync(plan, 1, 0);
        await HandleAsync(plan, 0, 0);

        Assert.Equal(first, await _blobs.ReadBytesAsync(InspectionResult.PathOf(plan.InspectionId)));
        Assert.Equal(3, _queue.Sent(QueueNames.Events).Count);
        Assert.Single(_queue.Sent(QueueNames.Events).Distinct());
    }

    [Fact]
    public async Task A_plan_of_one_unit_keeps_no_progress()
    {
        InspectionPlan plan = await GivenAsync(Plan([3]));

        await HandleAsync(plan, 0, 0);

        Assert.NotNull(await ResultAsync(plan));
        Assert.Null(await _blobs.FindAsync(ReductionProgress.PathOf(plan.InspectionId)));
    }

    [Fact]
    public async Task Messages_handled_at_the_same_time_lose_no_mark()
    {
        InspectionPlan plan = await GivenAsync(Plan([.. Enumerable.Repeat(1, 40)]));

        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (shard, _) => await HandleAsync(plan, shard, 0));

        Assert.Equal(40, (await ResultAsync(plan))!.Segments.Count);
        Assert.Equal([$"{plan.InspectionId}.completed"], EventIds().Distinct());
    }

    [Fact]
    public async Task A_mark_costs_the_same_whatever_the_survey_s_length()
    {
        foreach (int shards in new[] { 10, 300 })
        {
            InspectionPlan plan = await GivenAsync(Plan([.. Enumerable.Repeat(1, shards)], blobName: $"{shards}.mp4"));
            await HandleAsync(plan, 0, 0);
            var operations = new List<string>();
            _blobs.Before = (operation, path) => operations.Add($"{operation} {path.Container}");

            await HandleAsync(plan, 1, 0);

            Assert.Equal(["read plans", "write plans"], operations);
            _blobs.Before = null;
        }
    }

    [Fact]
    public Task A_process_that_dies_anywhere_is_made_good_by_the_next_delivery()
    {
        InspectionPlan plan = Plan([2, 1], groups: 2);
        return DieEverywhereAsync(
            plan,
            async test =>
            {
                foreach ((int shard, int group) in new[] { (0, 0), (0, 1), (1, 0) })
                    await test.HandleAsync(plan, shard, group);
            },
            new ReduceMessage(plan.InspectionId, 1, 1),
            fewestPlaces: 10);
    }

    [Fact]
    public Task A_process_that_dies_with_all_that_its_message_carries_is_made_good_too()
    {
        InspectionPlan plan = Plan([2]);
        var message = new ReduceMessage(plan.InspectionId, 0, 0) { Plan = plan, Prediction = Prediction(plan, 0, 0, 0.25f, 0.75f, 0) };
        return DieEverywhereAsync(plan, _ => Task.CompletedTask, message, fewestPlaces: 4);
    }

    [Fact]
    public async Task What_the_message_carries_is_not_read()
    {
        InspectionPlan plan = await GivenAsync(Plan([1]));
        ReduceStep step = Step();
        await _blobs.DeleteAsync(InspectionPlan.PathOf(plan.InspectionId));
        await _blobs.DeleteAsync(plan.PredictionPath(0, 0));

        await step.HandleAsync(new ReduceMessage(plan.InspectionId, 0, 0) { Plan = plan, Prediction = Prediction(plan, 0, 0, 0.25f, 0.75f, 0) });

        Assert.Equal(InspectionStatus.Completed, (await ResultAsync(plan))!.Status);
    }

    [Fact]
    public async Task A_plan_of_another_inspection_is_not_believed()
    {
        InspectionPlan plan = await GivenAsync(Plan([1]));
        InspectionPlan other = Plan([1], blobName: "other.mp4");

        await Step().HandleAsync(new ReduceMessage(plan.InspectionId, 0, 0) { Plan = other, Prediction = Prediction(other, 0, 0, 0.9f, 0.1f, 0) });

        Assert.Equal(plan.BlobName, (await ResultAsync(plan))!.BlobName);
    }

    [Fact]
    public async Task A_failed_result_and_its_report_give_way_to_news_that_comes_for_the_first_time()
    {
        InspectionPlan plan = await GivenAsync(Plan([1]));
        await Results().FailAsync(plan.InspectionId, new InspectionReason(ReasonCode.StepFailed, "Nobody could."));
        string failed = await ReportAsync(plan);

        await Step().HandleAsync(new ReduceMessage(plan.InspectionId, 0, 0) { Plan = plan, Prediction = Prediction(plan, 0, 0, 0.25f, 0.75f, 0) });

        Assert.Equal(InspectionStatus.Completed, (await ResultAsync(plan))!.Status);
        Assert.NotEqual(failed, await ReportAsync(plan));
    }

    [Fact]
    public async Task The_report_shows_the_shards_tiles_and_does_without_a_shard_that_is_faulty()
    {
        InspectionPlan plan = await GivenAsync(Plan([1, 1]));
        FrameTime[] frames = [.. Enumerable.Range(0, 9).Select(tile => new FrameTime(tile, tile))];
        var segment = new ShardSegment(new SegmentManifest(0, 0, 60, frames), [.. frames.Select(_ => new ReadOnlyMemory<byte>([0xFF, 0xD8, 0xFF, 0xD9]))]);
        using var tar = new MemoryStream();
        await ShardWriter.WriteAsync(tar, [segment]);
        await _blobs.WriteBytesAsync(plan.ShardPath(0), tar.ToArray());
        await _blobs.WriteBytesAsync(plan.ShardPath(1), Encoding.UTF8.GetBytes("no tar"));

        await HandleAsync(plan, 0, 0);
        await HandleAsync(plan, 1, 0);

        Assert.Equal(9, Regex.Count(await ReportAsync(plan), "<img "));
        Assert.Equal(InspectionStatus.Completed, (await ResultAsync(plan))!.Status);
    }

    [Fact]
    public async Task A_failed_result_gives_way_to_a_completed_one_and_its_report_too()
    {
        InspectionPlan plan = await GivenAsync(Plan([1]));
        InspectionResult failed = (await Results().FailAsync(plan.InspectionId, new InspectionReason(ReasonCode.StepFailed, "The disk was full.")))!;
        Assert.Equal(InspectionStatus.Failed, failed.Status);

        await HandleAsync(plan, 0, 0);

        Assert.Equal(InspectionStatus.Completed, (await ResultAsync(plan))!.Status);
        Assert.Equal([$"{plan.InspectionId}.failed", $"{plan.InspectionId}.completed"], EventIds());
        Assert.DoesNotContain("disk was full", await ReportAsync(plan));
    }

    [Fact]
    public async Task A_completed_result_is_final()
    {
        InspectionPlan plan = await GivenAsync(Plan([1]));
        await HandleAsync(plan, 0, 0);
        string report = await ReportAsync(plan);

        InspectionResult stored = (await Results().FailAsync(plan.InspectionId, new InspectionReason(ReasonCode.StepFailed, "Too late.")))!;

        Assert.Equal(InspectionStatus.Completed, stored.Status);
        Assert.Equal(InspectionStatus.Completed, (await ResultAsync(plan))!.Status);
        Assert.Equal(report, await ReportAsync(plan));
        Assert.Equal([$"{plan.InspectionId}.completed"], EventIds().Distinct());
    }

    [Fact]
    public async Task A_rejected_result_is_final_with_its_report()
    {
        InspectionPlan plan = await GivenAsync(Plan([1]));
        await Results().RejectAsync(plan.InspectionId, new InspectionReason(ReasonCode.UploadChanged, "Somebody replaced the file."));

        await HandleAsync(plan, 0, 0);

        Assert.Equal(InspectionStatus.Rejected, (await ResultAsync(plan))!.Status);
        Assert.Contains("Somebody replaced the file.", await ReportAsync(plan));
        Assert.Equal([$"{plan.InspectionId}.rejected"], EventIds().Distinct());
    }

    // The order of their calls to the store is another with each seed, and every fifth call or so kills its handler.
    [Fact]
    public async Task Handlers_that_end_an_inspection_at_the_same_time_agree()
    {
        var outcomes = new HashSet<InspectionStatus>();
        for (int seed = 0; seed < 150; seed++)
        {
            InspectionPlan plan = await GivenAsync(Plan([1]) with { InspectionId = $"race-{seed:x8}" });
            Func<Task>[] handlers =
            [
                () => HandleAsync(plan, 0, 0),
                () => Results().RejectAsync(plan.InspectionId, new InspectionReason(ReasonCode.UploadChanged, "Somebody replaced the file.")),
                () => Results().FailAsync(plan.InspectionId, new InspectionReason(ReasonCode.StepFailed, "The disk was full.")),
            ];
            foreach (double deathRate in new[] { 0.2, 0 }) // The second time is the delivery that nobody interrupts.
            {
                var interleaving = new Interleaving(seed, deathRate);
                _blobs.Before = (_, _) => interleaving.Pause();
                await interleaving.RunAsync(handlers);
                _blobs.Before = null;
            }

            InspectionResult result = (await ResultAsync(plan))!;
            string report = await ReportAsync(plan);
            string[] emitted = [.. EventIds().Where(id => id.StartsWith($"{plan.InspectionId}.", StringComparison.Ordinal)).Distinct()];
            outcomes.Add(result.Status);
            Assert.NotEqual(InspectionStatus.Failed, result.Status);
            Assert.Equal(result.Status == InspectionStatus.Rejected, report.Contains("Somebody replaced the file."));
            Assert.DoesNotContain("The disk was full.", report);
            Assert.Contains($"{plan.InspectionId}.{result.Status.ToString().ToLowerInvariant()}", emitted);
            Assert.True(emitted.Count(id => !id.EndsWith(".failed", StringComparison.Ordinal)) == 1, $"seed {seed}: {string.Join(", ", emitted)}");
        }

        Assert.Equal([InspectionStatus.Completed, InspectionStatus.Rejected], outcomes.Order());
    }

    [Fact]
    public async Task An_upload_without_a_plan_is_rejected_once()
    {
        var upload = new BlobProperties(new BlobPath(BlobContainers.Inspections, "note.mp4"), 5, "\"7\"", _time.GetUtcNow() - TimeSpan.FromSeconds(3));

        InspectionResult first = await Results().RejectAsync(upload, new InspectionReason(ReasonCode.NotAVideo, "It holds text."));
        _time.Advance(TimeSpan.FromMinutes(1));
        InspectionResult second = await Results().RejectAsync(upload, new InspectionReason(ReasonCode.NotAVideo, "It holds text."));

        Assert.Equal(InspectionId.Create("note.mp4", "7"), first.InspectionId);
        Assert.Equal(3, first.SecondsFromUpload);
        Assert.Equal(first.FinishedAt, second.FinishedAt);
        Assert.Single(_queue.Sent(QueueNames.Events).Distinct());
    }

    [Fact]
    public async Task Nothing_can_be_said_of_an_inspection_without_a_plan() =>
        Assert.Null(await Results().FailAsync("nobody-00", new InspectionReason(ReasonCode.StepFailed, "x")));

    [Fact]
    public async Task A_message_for_no_inspection_or_no_shard_is_no_message()
    {
        InspectionPlan plan = await GivenAsync(Plan([1, 1]));

        await Assert.ThrowsAsync<MessageFormatException>(() => Step().HandleAsync(new ReduceMessage("../x", 0, 0)));
        MessageFormatException absent = await Assert.ThrowsAsync<MessageFormatException>(() => Step().HandleAsync(new ReduceMessage("absent-00", 0, 0)));
        MessageFormatException outside = await Assert.ThrowsAsync<MessageFormatException>(() => HandleAsync(plan, 2, 0));

        Assert.Contains("plans/absent-00.json", absent.Message);
        Assert.Contains("2 shards", outside.Message);
    }

    [Fact]
    public async Task A_prediction_that_is_reported_but_missing_is_named_and_can_be_made_good()
    {
        InspectionPlan plan = await GivenAsync(Plan([1, 1]));
        await _blobs.DeleteAsync(plan.PredictionPath(0, 0));
        await HandleAsync(plan, 0, 0);

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(() => HandleAsync(plan, 1, 0));
        Assert.Contains(plan.PredictionPath(0, 0).ToString(), exception.Message);

        await _blobs.WriteJsonAsync(plan.PredictionPath(0, 0), Prediction(plan, 0, 0, 0.25f, 0.75f, 0));
        await HandleAsync(plan, 1, 0);
        Assert.NotNull(await ResultAsync(plan));
    }

    [Theory]
    [InlineData(0.05, true)]
    [InlineData(0.1, false)]
    public async Task Footage_below_the_release_s_threshold_is_flagged_in_the_result_and_the_event(double familiarity, bool unfamiliar)
    {
        InspectionPlan plan = await GivenAsync(Plan([2]));
        await _blobs.WriteJsonAsync(Release.PathOf("demo"), SomeRelease(Member("a", 0)) with { Familiarity = new FamiliarityModel([new FeatureStatistics("a", 0, 0, [1], [0], [1], [0, 1])], 0.1) });
        ShardPrediction prediction = Prediction(plan, 0, 0, 0.25f, 0.75f, 0);
        await _blobs.WriteJsonAsync(plan.PredictionPath(0, 0), prediction with { Members = [prediction.Members[0] with { Familiarities = [familiarity, 0.75] }] });

        await HandleAsync(plan, 0, 0);

        InspectionResult result = (await ResultAsync(plan))!;
        Assert.Equal((familiarity, unfamiliar), (result.Familiarity, result.Unfamiliar));
        Assert.Equal([familiarity, 0.75], result.Segments.Select(segment => segment.Familiarity));
        Assert.Equal(0.75, result.Labels[1].Probability); // A warning, no verdict.
        Assert.Contains($"\"unfamiliar\":{(unfamiliar ? "true" : "false")}", Assert.Single(_queue.Sent(QueueNames.Events)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_without_feature_statistics_says_nothing_of_familiarity()
    {
        InspectionPlan plan = await GivenAsync(Plan([2]));

        await HandleAsync(plan, 0, 0);

        Assert.DoesNotContain("amiliar", Encoding.UTF8.GetString((await _blobs.ReadBytesAsync(InspectionResult.PathOf(plan.InspectionId)))!), StringComparison.Ordinal);
    }

    // Dies at every read, write and send of the last message, each time in a fresh bucket, and delivers it again.
    private static async Task DieEverywhereAsync(InspectionPlan plan, Func<ReduceStepTests, Task> prepare, ReduceMessage last, int fewestPlaces)
    {
        byte[]? expected = null;
        for (int dyingAt = 0; ; dyingAt++)
        {
            using var test = new ReduceStepTests();
            await test.GivenAsync(plan);
            await prepare(test);
            int operation = 0;
            void Count()
            {
                if (Interlocked.Increment(ref operation) == dyingAt + 1)
                    throw new IOException("The process dies here.");
            }

            test._blobs.Before = (_, _) => Count();
            test._queue.Before = _ => Count();
            Exception? death = await Record.ExceptionAsync(() => test.Step().HandleAsync(last));
            test._blobs.Before = null;
            test._queue.Before = null;
            await test.Step().HandleAsync(last with { DeliveryCount = 2 });

            Assert.Equal([$"{plan.InspectionId}.completed"], test.EventIds().Distinct());
            byte[] result = (await test._blobs.ReadBytesAsync(InspectionResult.PathOf(plan.InspectionId)))!;
            Assert.Equal(expected ??= result, result);
            if (death is null)
            {
                Assert.True(dyingAt >= fewestPlaces, $"Only {dyingAt} places to die at were found.");
                return;
            }
        }
    }

    private async Task<InspectionPlan> GivenAsync(InspectionPlan plan)
    {
        Member[] members = [.. plan.MemberGroups.Select((_, group) => Member("a", group))];
        await _blobs.WriteJsonAsync(Release.PathOf("demo"), SomeRelease(members));
        await _blobs.WriteJsonAsync(InspectionPlan.PathOf(plan.InspectionId), plan);
        foreach (Shard shard in plan.Shards)
        {
            for (int group = 0; group < plan.MemberGroups.Count; group++)
                await _blobs.WriteJsonAsync(plan.PredictionPath(shard.Index, group), Prediction(plan, shard.Index, group, 0.25f, 0.75f, 0));
        }

        return plan;
    }

    private ResultWriter Results()
    {
        var webhooks = new WebhookStore(_blobs, Options.Create(new WebhookOptions()), _time, NullLogger<WebhookStore>.Instance);
        return new ResultWriter(_blobs, new EventPublisher(_blobs, _queue, webhooks), _time);
    }

    private ReduceStep Step() => new(_blobs, new ReleaseStore(_blobs), Results(), _time, NullLogger<ReduceStep>.Instance);

    private Task HandleAsync(InspectionPlan plan, int shard, int group) => Step().HandleAsync(new ReduceMessage(plan.InspectionId, shard, group));

    private Task<InspectionResult?> ResultAsync(InspectionPlan plan) => Results().FindAsync(plan.InspectionId);

    private async Task<string> ReportAsync(InspectionPlan plan) =>
        Encoding.UTF8.GetString((await _blobs.ReadBytesAsync(InspectionResult.ReportPathOf(plan.InspectionId)))!);

    private IEnumerable<string> EventIds() =>
        _queue.Sent(QueueNames.Events).Select(message => JsonDocument.Parse(message.Body).RootElement.GetProperty("id").GetString()!);
}
