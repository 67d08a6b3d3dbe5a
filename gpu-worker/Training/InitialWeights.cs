namespace CloudPipe.GpuWorker.Training;

/// <summary>What a fold started from.</summary>
/// <param name="Sha256">Of the weights file.</param>
/// <param name="Loaded">How many tensors the network took from it, changed ones included.</param>
/// <param name="Drawn">Tensors that were drawn as if there were no file: the classifier for other classes.</param>
public sealed record InitialWeights(string Sha256, int Loaded, IReadOnlyList<string> Drawn);
