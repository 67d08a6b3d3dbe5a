using Azure;
using CloudPipe.Configuration;
using CloudPipe.Local.Commands;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.Hosting;

namespace CloudPipe.Local.Hosting;

/// <summary>Makes the bucket ready before anything listens: containers, queues, the releases that come with the program.</summary>
/// <param name="store">The bucket.</param>
/// <param name="queue">The queues.</param>
/// <param name="storage">Whether the containers are to be made.</param>
/// <param name="transport">Whether the queues are to be made.</param>
/// <param name="releases">Publishes releases.</param>
internal sealed class BucketPreparation(
    IBlobStore store,
    IMessageQueue queue,
    StorageOptions storage,
    QueueTransportOptions transport,
    ReleasePublisher releases) : IHostedService
{
    /// <summary>Makes the containers and queues that are not there yet, where the configuration says so.</summary>
    /// <param name="store">The bucket.</param>
    /// <param name="queue">The queues.</param>
    /// <param name="storage">Whether the containers are to be made.</param>
    /// <param name="transport">Whether the queues are to be made.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="CommandFailedException">The storage account does not answer, or refuses.</exception>
    public static async Task MakeAsync(IBlobStore store, IMessageQueue queue, StorageOptions storage, QueueTransportOptions transport, CancellationToken cancellationToken)
    {
        try
        {
            if (storage.CreateContainers)
            {
                await store.CreateContainersAsync(BlobContainers.All, cancellationToken).ConfigureAwait(false);
            }

            if (transport.CreateQueues)
            {
                await queue.CreateQueuesAsync(BucketSession.Queues, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when ((exception as AggregateException)?.InnerExceptions[0] is RequestFailedException || exception is RequestFailedException)
        {
            Exception cause = (exception as AggregateException)?.InnerExceptions[0] ?? exception;
            throw new CommandFailedException(
                ExitCode.Failure, $"The storage account cannot be used: {cause.Message.Split('\n')[0].Trim().TrimEnd('.')}. Look whether it answers, and at Storage:ConnectionString or Storage:AccountUrl, and Queue's.");
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await MakeAsync(store, queue, storage, transport, cancellationToken).ConfigureAwait(false);
        await releases.PublishAsync(ReleasePublisher.Folder, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
