namespace CloudPipe.Queues.Sqlite;

/// <summary>
/// Commits together what callers of one process ask for at the same time: a commit costs about the same for one operation
/// as for a few. An operation is answered only after the commit that holds it.
/// </summary>
internal sealed class GroupCommit(SqliteStatements statements) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Lock _connection = new();
    private List<Operation> _waiting = [];
    private bool _committing;
    private bool _disposed;

    /// <summary>Runs an operation within the next transaction; one that throws does not harm the others.</summary>
    /// <param name="work">Its statements; those that must happen together are its own care.</param>
    /// <returns>Its result, once committed.</returns>
    public Task<T> RunAsync<T>(Func<SqliteStatements, T> work)
    {
        var operation = new Operation<T>(work);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _waiting.Add(operation);
            if (!_committing)
            {
                _committing = true;
                Schedule();
            }
        }

        return operation.Answered;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        lock (_connection)
        {
            statements.Dispose();
        }
    }

    // At the end of the pool's line: callers who were just answered come first, and their next operations join the batch.
    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(static self => self.CommitWaiting(), this, preferLocal: false);

    private void CommitWaiting()
    {
        List<Operation> batch;
        lock (_gate)
        {
            batch = _waiting;
            _waiting = [];
        }

        Exception? failure = Commit(batch);
        foreach (Operation operation in batch)
        {
            operation.Answer(failure);
        }

        lock (_gate)
        {
            _committing = _waiting.Count > 0;
            if (_committing)
            {
                Schedule();
            }
        }
    }

    /// <returns>What failed the whole batch, if anything.</returns>
    private Exception? Commit(List<Operation> batch)
    {
        lock (_connection)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                statements.Together(() => batch.ForEach(operation => operation.Run(statements)));
                return null;
            }
            catch (Exception failure)
            {
                return failure;
            }
        }
    }

    private abstract class Operation
    {
        public abstract void Run(SqliteStatements statements);

        public abstract void Answer(Exception? failure);
    }

    private sealed class Operation<T>(Func<SqliteStatements, T> work) : Operation
    {
        // The answered go on elsewhere: what they do next must not hold up the others' answers.
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _failure;
        private T? _result;

        public Task<T> Answered => _answer.Task;

        public override void Run(SqliteStatements statements)
        {
            try
            {
                _result = work(statements);
            }
            catch (Exception failure) when (statements.InTransaction)
            {
                _failure = failure;
            }
        }

        public override void Answer(Exception? failure)
        {
            if ((failure ?? _failure) is { } reason)
            {
                _answer.SetException(reason);
            }
            else
            {
                _answer.SetResult(_result!);
            }
        }
    }
}
