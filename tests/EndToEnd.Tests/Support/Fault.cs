namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>What may happen to a request on its way to a storage account and back.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It takes a second.</summary>
    Delay,

    /// <summary>The connection breaks before the account hears of it.</summary>
    LoseRequest,

    /// <summary>The account does it, and the connection breaks before it can say so.</summary>
    LoseAnswer,

    /// <summary>The connection breaks in the middle of the answer's body.</summary>
    CutAnswer,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>503 with Retry-After, as an account answers that has too much to do.</summary>
    Throttling,
}
