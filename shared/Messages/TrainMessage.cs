namespace CloudPipe.Messages;

/// <summary>Train one fold of one architecture.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Architecture">The network, by its catalog name.</param>
/// <param name="FoldIndex">The fold that is held out, from 0.</param>
public sealed record TrainMessage(string RunId, string Architecture, int FoldIndex) : Message;
