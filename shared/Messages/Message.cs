namespace CloudPipe.Messages;

/// <summary>What every message between steps carries.</summary>
public abstract record Message
{
    /// <summary>The version that this code writes, and the newest that it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version of the message's form.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The W3C trace context of the span that sent it; <see langword="null"/> when nobody traces. It says nothing about the work: two messages that differ in it alone ask for the same.</summary>
    public string? Traceparent { get; init; }
}
