namespace CloudPipe.Queues;

/// <summary>Several queues at once.</summary>
public static class MessageQueueExtensions
{
    /// <summary>Whether some queue has a message that is not settled, visible or not.</summary>
    /// <param name="queue">The queues.</param>
    /// <param name="names">Which of them.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <returns>Whether some has; dead letters do not count.</returns>
    public static async Task<bool> HasPendingAsync(this IMessageQueue queue, IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        foreach (string name in names)
        {
            if ((await queue.GetStatisticsAsync(name, cancellationToken).ConfigureAwait(false)).Pending > 0)
            {
                return true;
            }
        }

        return false;
    }
}
