using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace CloudPipe.Storage;

/// <summary>Blobs in Azure Blob Storage, or in its emulator Azurite.</summary>
/// <remarks>
/// The service cannot hold names with a part <c>.</c> or <c>..</c>, with backslashes or with control characters: they are
/// refused with an <see cref="ArgumentException"/>.
/// </remarks>
public sealed class AzureBlobStore : IBlobStore
{
    private const int BlockSize = 8 * 1024 * 1024;
    private static readonly TimeSpan _clockSkew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _longestKeyLifetime = TimeSpan.FromDays(7); // the service's limit

    private readonly BlobServiceClient _service;
    private readonly TimeProvider _timeProvider;
    private UserDelegationKey? _key;

    /// <summary>Stands on a client that is made already.</summary>
    /// <param name="service">The storage account.</param>
    /// <param name="timeProvider">Dates the signed addresses; the system's clock by default.</param>
    public AzureBlobStore(BlobServiceClient service, TimeProvider? timeProvider = null)
    {
        _service = service;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Connects with an account key.</summary>
    /// <param name="connectionString">The connection string of the storage account or of Azurite.</param>
    /// <returns>The store.</returns>
    /// <exception cref="FormatException">This is no connection string.</exception>
    public static AzureBlobStore Connect(string connectionString) => new(new BlobServiceClient(connectionString));

    /// <summary>Connects with an identity; it needs the roles Storage Blob Data Contributor and Storage Blob Delegator.</summary>
    /// <param name="account">The account's blob endpoint, for example <c>https://name.blob.core.windows.net</c>.</param>
    /// <param name="credential">The identity.</param>
    /// <returns>The store.</returns>
    public static AzureBlobStore Connect(Uri account, TokenCredential credential) => new(new BlobServiceClient(account, credential));

    /// <inheritdoc/>
    public async Task CreateContainersAsync(IEnumerable<string> containers, CancellationToken cancellationToken = default)
    {
        foreach (string container in containers)
        {
            await Container(container).CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<BlobProperties?> FindAsync(BlobPath path, CancellationToken cancellationToken = default)
    {
        try
        {
            Azure.Storage.Blobs.Models.BlobProperties found = await Blob(path).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return new BlobProperties(path, found.ContentLength, Text(found.ETag), found.LastModified);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<BlobContent?> OpenReadAsync(BlobPath path, BlobRange? range = null, CancellationToken cancellationToken = default)
    {
        BlobRange bytes = range ?? default;
        ArgumentOutOfRangeException.ThrowIfNegative(bytes.Offset, nameof(range));
        if (bytes.Length == 0)
        {
            return await OpenNothingAsync(path, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            // An empty blob has no first byte to ask for: the whole is asked for without a range.
            var options = new BlobDownloadOptions { Range = bytes == default ? default : new HttpRange(bytes.Offset, bytes.Length) };
            BlobDownloadStreamingResult result = await Blob(path).DownloadStreamingAsync(options, cancellationToken).ConfigureAwait(false);
            BlobDownloadDetails details = result.Details;
            return new BlobContent(new BlobProperties(path, WholeLength(details), Text(details.ETag), details.LastModified), result.Content);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException exception) when (exception.Status == 416)
        {
            return await OpenNothingAsync(path, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> WriteAsync(BlobPath path, Stream content, WriteCondition condition = default, CancellationToken cancellationToken = default)
    {
        var options = new BlobUploadOptions
        {
            Conditions = condition switch
            {
                { MustBeAbsent: true } => new BlobRequestConditions { IfNoneMatch = ETag.All },
                { ETag: { } etag } => new BlobRequestConditions { IfMatch = new ETag(etag) },
                _ => null,
            },
            TransferOptions = new StorageTransferOptions { InitialTransferSize = BlockSize, MaximumTransferSize = BlockSize, MaximumConcurrency = 4 },
            // Azurite knows no CRC64.
            TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
        };
        try
        {
            BlobContentInfo written = await Blob(path).UploadAsync(content, options, cancellationToken).ConfigureAwait(false);
            return Text(written.ETag);
        }
        catch (RequestFailedException exception) when (IsUnmet(condition, exception))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellationToken = default) =>
        await Blob(path).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuationToken = null, int pageSize = 1000, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, 5000);
        AsyncPageable<BlobItem> blobs = Container(container).GetBlobsAsync(prefix: prefix, cancellationToken: cancellationToken);
        try
        {
            await foreach (Page<BlobItem> page in blobs.AsPages(continuationToken, pageSize).ConfigureAwait(false))
            {
                return new BlobPage(
                    [.. page.Values.Select(blob => Listed(container, blob))],
                    string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 400 && continuationToken is not null)
        {
            throw new ArgumentException($"The service does not know this continuation token ({exception.ErrorCode}).", nameof(continuationToken), exception);
        }

        return new BlobPage([], null);
    }

    /// <inheritdoc/>
    public Task<Uri> GetReadUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
        SignAsync(path, BlobSasPermissions.Read, lifetime, cancellationToken);

    /// <inheritdoc/>
    public Task<Uri> GetWriteUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default) =>
        SignAsync(path, BlobSasPermissions.Create, lifetime, cancellationToken); // without 'write': what is there stays

    private async Task<Uri> SignAsync(BlobPath path, BlobSasPermissions permissions, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        BlobClient blob = Blob(path);
        DateTimeOffset now = _timeProvider.GetUtcNow();
        var signature = new BlobSasBuilder(permissions, now + lifetime)
        {
            BlobContainerName = path.Container,
            BlobName = path.Name,
            Resource = "b",
            StartsOn = now - _clockSkew,
        };
        if (blob.CanGenerateSasUri)
        {
            return blob.GenerateSasUri(signature);
        }

        UserDelegationKey key = await GetKeyAsync(now, lifetime, cancellationToken).ConfigureAwait(false);
        return new BlobUriBuilder(blob.Uri) { Sas = signature.ToSasQueryParameters(key, _service.AccountName) }.ToUri();
    }

    private static BlobProperties Listed(string container, BlobItem blob) => new(
        new BlobPath(container, blob.Name),
        blob.Properties.ContentLength ?? 0,
        Text(blob.Properties.ETag ?? default),
        blob.Properties.LastModified ?? default);

    private static bool IsUnmet(WriteCondition condition, RequestFailedException exception) =>
        condition.MustBeAbsent
            ? exception.Status == 412 || (exception.Status == 409 && exception.ErrorCode == BlobErrorCode.BlobAlreadyExists)
            : condition.ETag is not null && (exception.Status == 412 || exception.ErrorCode == BlobErrorCode.BlobNotFound);

    // A listing gives the ETag without the quotes that every other answer puts around it.
    private static string Text(ETag etag) => etag.ToString().Trim('"');

    // 'bytes 0-9/100' for a range; without one the content is the whole.
    private static long WholeLength(BlobDownloadDetails details) =>
        string.IsNullOrEmpty(details.ContentRange)
            ? details.ContentLength
            : long.Parse(details.ContentRange.AsSpan(details.ContentRange.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);

    private async Task<BlobContent?> OpenNothingAsync(BlobPath path, CancellationToken cancellationToken) =>
        await FindAsync(path, cancellationToken).ConfigureAwait(false) is { } properties ? new BlobContent(properties, Stream.Null) : null;

    /// <summary>One key signs every address until it is about to end: the service gives them out slowly.</summary>
    private async Task<UserDelegationKey> GetKeyAsync(DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        UserDelegationKey? key = _key;
        if (key is null || key.SignedExpiresOn < now + lifetime)
        {
            DateTimeOffset expiresOn = now + (2 * lifetime) + TimeSpan.FromHours(1);
            DateTimeOffset latest = now + _longestKeyLifetime;
            key = await _service.GetUserDelegationKeyAsync(now - _clockSkew, expiresOn < latest ? expiresOn : latest, cancellationToken).ConfigureAwait(false);
            _key = key;
        }

        return key;
    }

    private BlobContainerClient Container(string container)
    {
        BlobNames.CheckContainer(container);
        return _service.GetBlobContainerClient(container);
    }

    private BlobClient Blob(BlobPath path)
    {
        BlobNames.Check(path);
        if (path.Name.Split('/').Any(part => part is "." or "..") || path.Name.Any(character => char.IsControl(character) || character == '\\'))
        {
            throw new ArgumentException(
                $"Azure Blob Storage cannot hold the name '{path.Name}': no part may be '.' or '..', and it may have no backslash and no control character.", nameof(path));
        }

        return Container(path.Container).GetBlobClient(path.Name);
    }
}
