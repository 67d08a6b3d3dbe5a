namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>One request to a storage account.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The path and the query as sent.</param>
/// <param name="IsBlob">Whether it was for the account's blobs; else it was for its queues.</param>
/// <param name="Fault">What became of it.</param>
internal sealed record StorageCall(string Method, string Target, bool IsBlob, Fault Fault)
{
    /// <summary>Whether it came by a signed address.</summary>
    public bool IsSigned => Target.Contains("sig=", StringComparison.Ordinal);

    /// <summary>The path's parts below the account: the container or queue first.</summary>
    public string[] Path => Target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];

    public override string ToString() => $"{Method} {string.Join('/', Path)} {Fault}";
}
