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
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (storage.CreateContainers)
        {
            await store.CreateContainersAsync(BlobContainers.All, cancellationToken).ConfigureAwait(false);
        }

        if (transport.CreateQueues)
        {
            await queue.CreateQueuesAsync(BucketSession.Queues, cancellationToken).ConfigureAwait(false);
        }

        await releases.PublishAsync(ReleasePublisher.Folder, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
