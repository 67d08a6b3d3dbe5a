using CloudPipe.Messages;
using CloudPipe.Storage;

namespace CloudPipe.Local.Triggers;

/// <summary>An upload that the folder watch has found: what Event Grid's queue holds on Azure.</summary>
/// <param name="BlobName">The upload's name in its container.</param>
/// <param name="ETag">The upload's ETag.</param>
/// <param name="Container">Its container.</param>
public sealed record UploadMessage(string BlobName, string ETag, string Container = BlobContainers.Inspections) : Message
{
    /// <summary>The queue that makes an upload durable work from the moment it is found.</summary>
    public const string Queue = "uploads";
}
