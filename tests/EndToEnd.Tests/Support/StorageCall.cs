using CloudPipe.Storage;

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

    /// <summary>Whether it was for a blob other than a video and its frames: ffmpeg reads videos by signed addresses, and a look for uploads names no blob.</summary>
    public bool IsBeyondFrames => this is { IsBlob: true, IsSigned: false, Path: [not BlobContainers.Shards, _, ..] };

    /// <summary>Whether it sent a message; asking a queue for some does not.</summary>
    public bool SendsMessage => this is { IsBlob: false, Method: "POST", Path: [_, "messages"] };

    public override string ToString() => $"{Method} {string.Join('/', Path)} {Fault}";
}
