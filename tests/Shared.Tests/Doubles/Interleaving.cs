namespace CloudPipe.Shared.Tests.Doubles;

/// <summary>
/// Runs several handlers so that exactly one goes on at a time, from one call of the store to the next, in an order that a
/// seed decides; some die in the middle.
/// </summary>
internal sealed class Interleaving(int seed, double deathRate)
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _paused = [];
    private readonly SemaphoreSlim _changed = new(0);

    /// <summary>To be called before every operation of the store: returns when it is this handler's turn.</summary>
    /// <exception cref="ProcessDeathException">The handler's process dies here.</exception>
    public void Pause()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _paused.Add(turn);

        _changed.Release();
        turn.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs the handlers to their ends.</summary>
    public async Task RunAsync(params Func<Task>[] handlers)
    {
        Task[] running = [.. handlers.Select(handler => Task.Run(async () =>
        {
            try
            {
                await handler();
            }
            catch (ProcessDeathException)
            {
                // Died; whoever gave it its message gives it to another.
            }
            finally
            {
                _changed.Release();
            }
        }))];

        // Every handler says once that it waits for its first turn or has ended; then whoever gets a turn says so again.
        for (int i = 0; i < handlers.Length; i++)
            await _changed.WaitAsync();

        while (Next() is { } turn)
        {
            if (_random.NextDouble() < deathRate)
                turn.SetException(new ProcessDeathException());
            else
                turn.SetResult();

            await _changed.WaitAsync();
        }

        await Task.WhenAll(running);
    }

    private TaskCompletionSource? Next()
    {
        lock (_lock)
        {
            if (_paused.Count == 0)
                return null;

            int index = _random.Next(_paused.Count);
            TaskCompletionSource turn = _paused[index];
            _paused.RemoveAt(index);
            return turn;
        }
    }
}
