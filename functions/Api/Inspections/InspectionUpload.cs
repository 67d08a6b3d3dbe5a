namespace CloudPipe.Functions.Api.Inspections;

/// <summary>Where to send a video: one request with the method, the headers and the file's bytes as its body. It needs no key.</summary>
/// <param name="BlobName">The upload's name.</param>
/// <param name="UploadUrl">The address; whoever has it may upload, so keep it to yourself.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Headers">Headers that the request must have.</param>
/// <param name="ExpiresAt">When the address ends; an upload that has begun by then may go on.</param>
/// <param name="LargestBytes">The largest file that one request takes.</param>
/// <param name="StatusUrl">Where the inspection appears once the upload is there, relative to the API's address.</param>
public sealed record InspectionUpload(
    string BlobName,
    Uri UploadUrl,
    string Method,
    IReadOnlyDictionary<string, string> Headers,
    DateTimeOffset ExpiresAt,
    long LargestBytes,
    string StatusUrl)
{
    /// <summary>What one Put Blob request takes at most: 5,000 MiB (https://learn.microsoft.com/rest/api/storageservices/put-blob).</summary>
    public const long LargestPut = 5000L * 1024 * 1024;
}
