using CloudPipe.Functions.Api;
using CloudPipe.Functions.Api.Runs;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Runs;
using CloudPipe.Storage;

namespace CloudPipe.Functions.Tests.Api;

public sealed class RunsApiTests : IDisposable
{
    private readonly Bucket _bucket = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task The_list_shows_every_request_and_its_stage()
    {
        string[] ids = [];
        foreach (string name in new[] { "a.json", "b.json", "c.json", "d.json", "weights.safetensors" })
        {
            ids = [.. ids, RunId.Create(name, (await _bucket.Store.WriteBytesAsync(new BlobPath(BlobContainers.Training, name), [1]))!)];
        }

        await _bucket.Store.WriteJsonAsync(RunPlan.PathOf(ids[1]), PlanOf(ids[1]));
        await _bucket.Store.WriteJsonAsync(RunResult.PathOf(ids[2]), ResultOf(ids[2], RunStatus.Completed));
        await _bucket.Store.WriteJsonAsync(RunResult.PathOf(ids[3]), ResultOf(ids[3], RunStatus.Failed));

        Page<RunSummary> page = (await _bucket.Api.GetAsync("/api/runs")).Read<Page<RunSummary>>();

        Assert.Equal([RunStage.Waiting, RunStage.Training, RunStage.Completed, RunStage.Failed], page.Items.Select(run => run.Stage));
        Assert.Equal($"/api/runs/{ids[0]}", page.Items[0].Url);
        Assert.Null(page.NextLink);
    }

    [Fact]
    public async Task A_run_shows_its_folds()
    {
        await _bucket.Store.WriteJsonAsync(RunPlan.PathOf("run-1"), PlanOf("run-1"));
        await _bucket.Store.WriteJsonAsync(FoldOutcome.PathOf("run-1", "resnet18", 0), new FoldOutcome("resnet18", 0, _bucket.Time.Now, "out of memory", null));

        RunView run = (await _bucket.Api.GetAsync("/api/runs/run-1")).Read<RunView>();

        Assert.Equal((RunStage.Training, "run"), (run.Stage, run.Release));
        Assert.Equal(["failed", "waiting"], run.Folds.Select(fold => fold.Stage));
    }

    [Theory]
    [InlineData("unknown-1")]
    [InlineData("..%2Fx")]
    public async Task An_unknown_run_is_not_found(string id) => Assert.Equal(404, (await _bucket.Api.GetAsync($"/api/runs/{id}")).Status);

    private static RunPlan PlanOf(string id) => new(
        id, "run.json", "1", DateTimeOffset.UnixEpoch, "run", new RunRequest { Dataset = "pipes", Models = [new RunModel("resnet18")], Folds = 2 }, "hash", null, [0, 1]);

    private static RunResult ResultOf(string id, RunStatus status) =>
        new(id, "run.json", "1", status, DateTimeOffset.UnixEpoch, status == RunStatus.Failed ? "no data" : null, null, 0.5, null, [], 1);
}
