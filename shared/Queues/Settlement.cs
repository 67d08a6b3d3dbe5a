namespace CloudPipe.Queues;

/// <summary>What becomes of a message once its handler has returned or thrown.</summary>
public abstract record Settlement
{
    private Settlement()
    {
    }

    /// <summary>The work is done: remove the message.</summary>
    public sealed record Complete : Settlement;

    /// <summary>The work may succeed later: give the message back.</summary>
    /// <param name="After">How long it stays invisible.</param>
    public sealed record Retry(TimeSpan After) : Settlement;

    /// <summary>The work cannot succeed: set the message aside.</summary>
    /// <param name="Reason">Why, for a person.</param>
    public sealed record DeadLetter(string Reason) : Settlement;
}
