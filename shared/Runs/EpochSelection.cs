namespace CloudPipe.Runs;

/// <summary>Which epoch's weights a fold keeps.</summary>
public enum EpochSelection
{
    /// <summary>The last: out-of-fold scores stay honest.</summary>
    Last,

    /// <summary>The one with the best mean average precision on the held-out fold: its out-of-fold scores are a little flattered.</summary>
    Best,
}
