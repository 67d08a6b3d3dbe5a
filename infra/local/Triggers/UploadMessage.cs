using CloudPipe.Messages;

namespace CloudPipe.Local.Triggers;

/// <summary>An upload that the folder watch has found: what Event Grid's queue holds on Azure.</summary>
/// <param name="BlobName">The upload's name in the inspections container.</param>
/// <param name="ETag">The upload's ETag.</param>
public sealed record UploadMessage(string BlobName, string ETag) : Message
{
    /// <summary>The queue that makes an upload durable work from the moment it is found.</summary>
    public const string Queue = "uploads";
}
