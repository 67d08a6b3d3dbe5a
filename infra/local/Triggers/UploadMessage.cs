using CloudPipe.Messages;
using CloudPipe.Queues;
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

    /// <summary>Makes the message ready to be sent: the same upload found twice is one message.</summary>
    /// <param name="id">The id that follows from the upload's name and ETag.</param>
    /// <returns>The message.</returns>
    public OutgoingMessage ToOutgoing(string id) => new($"upload:{Container}:{id}", MessageSerializer.Serialize(this));
}
