using CloudPipe.Idempotency;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Idempotency;

public sealed class IdempotencyStoreTests : IAsyncLifetime
{
    private static readonly StoredAnswer _answer = new(201, "application/json", "{}", "/api/x");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    private FolderBlobStore Store => field ??= new FolderBlobStore(_folder.FullPath, _time);

    private IdempotencyStore Keys => new(Store, _time);

    public Task InitializeAsync() => Store.CreateContainersAsync(BlobContainers.All);

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task The_first_is_carried_out_and_its_answer_given_to_repeats()
    {
        IdempotencyClaim.First first = Assert.IsType<IdempotencyClaim.First>(await Keys.ClaimAsync("POST /x", "k", "f"));
        Assert.IsType<IdempotencyClaim.InProgress>(await Keys.ClaimAsync("POST /x", "k", "f"));

        await Keys.CompleteAsync(first, _answer);

        Assert.Equal(new IdempotencyClaim.Repeat(_answer), await Keys.ClaimAsync("POST /x", "k", "f"));
        Assert.IsType<IdempotencyClaim.OtherRequest>(await Keys.ClaimAsync("POST /x", "k", "g"));
        Assert.IsType<IdempotencyClaim.First>(await Keys.ClaimAsync("POST /y", "k", "f"));
    }

    [Fact]
    public async Task Of_32_racing_requests_one_is_the_first()
    {
        IdempotencyClaim[] claims = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Keys.ClaimAsync("POST /x", "k", "f"))));

        Assert.Single(claims.OfType<IdempotencyClaim.First>());
        Assert.Equal(31, claims.OfType<IdempotencyClaim.InProgress>().Count());
    }

    [Fact]
    public async Task A_request_that_was_given_up_leaves_its_key_free()
    {
        await Keys.ReleaseAsync((IdempotencyClaim.First)await Keys.ClaimAsync("POST /x", "k", "f"));

        Assert.IsType<IdempotencyClaim.First>(await Keys.ClaimAsync("POST /x", "k", "other"));
    }

    [Fact]
    public async Task The_key_of_a_process_that_died_is_free_after_two_minutes_and_its_late_answer_replaces_nothing()
    {
        var dead = (IdempotencyClaim.First)await Keys.ClaimAsync("POST /x", "k", "f");
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.IsType<IdempotencyClaim.InProgress>(await Keys.ClaimAsync("POST /x", "k", "f"));
        _time.Advance(TimeSpan.FromSeconds(1));
        var heir = Assert.IsType<IdempotencyClaim.First>(await Keys.ClaimAsync("POST /x", "k", "f"));

        await Keys.CompleteAsync(heir, _answer);
        await Keys.CompleteAsync(dead, _answer with { Body = "late" });

        Assert.Equal(new IdempotencyClaim.Repeat(_answer), await Keys.ClaimAsync("POST /x", "k", "f"));
    }

    [Theory]
    [InlineData(null, 24 * 60)]
    [InlineData(60, 60)]
    [InlineData(100 * 60, 24 * 60)]
    public async Task An_answer_is_kept_for_its_time_and_a_day_at_most(int? minutes, int expected)
    {
        var first = (IdempotencyClaim.First)await Keys.ClaimAsync("POST /x", "k", "f");
        await Keys.CompleteAsync(first, _answer, minutes is null ? null : TimeSpan.FromMinutes(minutes.Value));

        _time.Advance(TimeSpan.FromMinutes(expected) - TimeSpan.FromSeconds(1));
        Assert.IsType<IdempotencyClaim.Repeat>(await Keys.ClaimAsync("POST /x", "k", "f"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<IdempotencyClaim.First>(await Keys.ClaimAsync("POST /x", "k", "f"));
    }

    [Fact]
    public async Task What_has_ended_is_cleared_away_by_new_keys()
    {
        var old = (IdempotencyClaim.First)await Keys.ClaimAsync("POST /x", "old", "f");
        await Keys.CompleteAsync(old, _answer);
        _time.Advance(TimeSpan.FromHours(25));

        // Each key clears its 256th of the container. The names are the same in every run.
        int keys = 0;
        for (; keys < 2000 && await Store.FindAsync(old.Path) is not null; keys++)
        {
            await Keys.ClaimAsync("POST /x", $"new-{keys}", "f");
        }

        Assert.InRange(keys, 2, 1999);
        Assert.Equal(keys, await Store.ListAllAsync(BlobContainers.Idempotency).CountAsync());
    }
}
