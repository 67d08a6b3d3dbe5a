using System.Text.Json.Serialization;

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

    /// <summary>Whether the sender has found the outcome of its own work, so that somebody may have sent this message before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Repeat { get; init; }

    /// <summary>How often the message has been received, this time included: told by who receives it.</summary>
    [JsonIgnore]
    public int DeliveryCount { get; init; } = 1;

    /// <summary>
    /// Whether the work may have been done. Where it may not, a step need not look: should it have been done all the same, its
    /// outcome is written create-if-absent, and only time is lost.
    /// </summary>
    [JsonIgnore]
    public bool MayBeDone => Repeat || DeliveryCount > 1;
}
