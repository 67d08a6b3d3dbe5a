using CloudPipe.Configuration;
using CloudPipe.Local.Hosting;
using CloudPipe.Local.Triggers;
using CloudPipe.Progress;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Commands;

/// <summary>A command's view of a bucket that another process may be serving: the same services, nothing started.</summary>
public sealed class BucketSession : IDisposable
{
    private readonly IHost _host;

    private BucketSession(IHost host) => _host = host;

    /// <summary>The bucket.</summary>
    public IBlobStore Store => _host.Services.GetRequiredService<IBlobStore>();

    /// <summary>The queues.</summary>
    public IMessageQueue Queue => _host.Services.GetRequiredService<IMessageQueue>();

    /// <summary>Reads inspections' states.</summary>
    public ProgressReader Progress => _host.Services.GetRequiredService<ProgressReader>();

    /// <summary>Where the bucket is, for a person.</summary>
    public StorageOptions Storage => _host.Services.GetRequiredService<StorageOptions>();

    /// <summary>Every queue, the single-machine host's own included.</summary>
    public static IReadOnlyList<string> Queues { get; } = [UploadMessage.Queue, .. QueueNames.All];

    /// <summary>Opens a bucket.</summary>
    /// <param name="settings">The command line.</param>
    /// <param name="mustExist">Whether a missing folder is an error; else it is created.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The session.</returns>
    /// <exception cref="CommandFailedException">The configuration is wrong, or there is no such bucket.</exception>
    public static async Task<BucketSession> OpenAsync(CommandSettings settings, bool mustExist, CancellationToken cancellationToken)
    {
        var session = new BucketSession(LocalServices.Build(settings, LogLevel.Warning));
        if (mustExist && session.Storage.Kind == StorageKind.Folder && !Directory.Exists(Path.Combine(session.Storage.Folder, BlobContainers.Inspections)))
        {
            string folder = session.Storage.Folder;
            session.Dispose();
            throw new CommandFailedException(ExitCode.NotFound, $"There is no bucket in '{folder}'. Name it with --bucket, or create it with 'cloudpipe up --bucket {folder}'.");
        }

        await BucketPreparation.MakeAsync(
            session.Store, session.Queue, session.Storage, session._host.Services.GetRequiredService<QueueTransportOptions>(), cancellationToken).ConfigureAwait(false);
        return session;
    }

    /// <summary>Finds inspections by id or by their upload's name.</summary>
    /// <param name="idOrName">What the person typed.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <returns>Those that fit, at least one.</returns>
    /// <exception cref="CommandFailedException">None fits.</exception>
    public async Task<IReadOnlyList<InspectionProgress>> FindAsync(string idOrName, CancellationToken cancellationToken)
    {
        IReadOnlyList<InspectionProgress> all = await Progress.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        InspectionProgress[] found = [.. all.Where(progress => progress.InspectionId == idOrName || progress.BlobName == idOrName)];
        return found.Length > 0
            ? found
            : throw new CommandFailedException(ExitCode.NotFound, $"There is no inspection '{idOrName}' in this bucket; 'cloudpipe status' lists what is there.");
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();
}
