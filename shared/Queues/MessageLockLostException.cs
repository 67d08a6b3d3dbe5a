namespace CloudPipe.Queues;

/// <summary>The message's lock has expired and another consumer may hold it: the work at hand must stop.</summary>
public sealed class MessageLockLostException : Exception
{
    /// <summary>Names the message whose lock was lost.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">What the transport said, if anything.</param>
    public MessageLockLostException(ReceivedMessage message, Exception? innerException = null)
        : base($"The lock on message '{message.Id}' of queue '{message.Queue}' is lost: it expired, or the message was settled elsewhere.", innerException)
    {
    }
}
