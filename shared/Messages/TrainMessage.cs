using System.Text.Json.Serialization;

namespace CloudPipe.Messages;

/// <summary>Train one fold of one network, or go on with it: a message stands for a slice of the work, and the next one follows from the last checkpoint.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Architecture">The network, by its catalog name.</param>
/// <param name="Fold">The fold that is held out, from 0.</param>
/// <param name="Slice">Which slice, from 0.</param>
public sealed record TrainMessage(string RunId, string Architecture, int Fold, int Slice = 0) : Message
{
    /// <summary>The message's id: the same for the same slice.</summary>
    [JsonIgnore]
    public string Id => $"train:{RunId}:{Architecture}:{Fold}:{Slice}";
}
