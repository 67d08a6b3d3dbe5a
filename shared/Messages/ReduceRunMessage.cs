using System.Text.Json.Serialization;

namespace CloudPipe.Messages;

/// <summary>A fold of a training run has an outcome; the run's result follows when it was the last one.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Architecture">The network, by its catalog name.</param>
/// <param name="Fold">The fold, from 0.</param>
public sealed record ReduceRunMessage(string RunId, string Architecture, int Fold) : Message
{
    /// <summary>The message's id: the same for the same fold.</summary>
    [JsonIgnore]
    public string Id => $"reduce-run:{RunId}:{Architecture}:{Fold}";
}
