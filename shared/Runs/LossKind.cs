namespace CloudPipe.Runs;

/// <summary>What training makes small.</summary>
public enum LossKind
{
    /// <summary>The asymmetric loss: easy negatives count less.</summary>
    Asymmetric,

    /// <summary>Binary cross-entropy, with smoothed labels where asked for.</summary>
    BinaryCrossEntropy,
}
