using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CloudPipe.Storage.Folder;

/// <summary>
/// Addresses that let a program without a key upload one file into a folder's bucket: each names its blob and its end, and is
/// signed with a key that lies in the bucket, so that every process on the bucket takes what another one has given out.
/// </summary>
/// <param name="keyFile">Where the key is kept; it is made when it is first needed.</param>
/// <param name="timeProvider">Tells whether an address has ended.</param>
public sealed class FolderUploads(string keyFile, TimeProvider timeProvider)
{
    /// <summary>What every address begins with; the container and the blob's name follow.</summary>
    public const string RoutePrefix = "api/uploads";

    /// <summary>The part of an address that says when it ends, in seconds since 1970.</summary>
    public const string ExpiresParameter = "expires";

    /// <summary>The part of an address that signs it.</summary>
    public const string SignatureParameter = "signature";

    private const int KeyLength = 32; // bytes, as long as the hash

    private byte[]? _key;

    /// <summary>Signs an address.</summary>
    /// <param name="path">The blob that it creates.</param>
    /// <param name="lifetime">How long it works.</param>
    /// <returns>A reference with an absolute path, to be resolved against the address at which the API is served.</returns>
    public Uri Sign(BlobPath path, TimeSpan lifetime)
    {
        string expires = (timeProvider.GetUtcNow() + lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string name = string.Join('/', path.Name.Split('/').Select(Uri.EscapeDataString));
        return new Uri(
            $"/{RoutePrefix}/{path.Container}/{name}?{ExpiresParameter}={expires}&{SignatureParameter}={Base64Url.EncodeToString(Hash(path, expires))}", UriKind.Relative);
    }

    /// <summary>Whether an address was given out by this bucket and has not ended.</summary>
    /// <param name="path">The blob that it names.</param>
    /// <param name="expires">The value of <see cref="ExpiresParameter"/>.</param>
    /// <param name="signature">The value of <see cref="SignatureParameter"/>.</param>
    /// <returns>Whether it may be used.</returns>
    public bool Allows(BlobPath path, string? expires, string? signature)
    {
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || seconds < timeProvider.GetUtcNow().ToUnixTimeSeconds() || signature is null)
        {
            return false;
        }

        byte[] given = new byte[SHA256.HashSizeInBytes];
        return Base64Url.IsValid(signature, out int length) && length == given.Length
            && Base64Url.TryDecodeFromChars(signature, given, out _)
            && CryptographicOperations.FixedTimeEquals(given, Hash(path, expires));
    }

    private byte[] Hash(BlobPath path, string expires) =>
        HMACSHA256.HashData(_key ??= ReadOrCreateKey(), Encoding.UTF8.GetBytes($"{path.Container}\n{expires}\n{path.Name}"));

    private byte[] ReadOrCreateKey()
    {
        if (!File.Exists(keyFile))
        {
            CreateKey();
        }

        byte[] key = File.ReadAllBytes(keyFile);
        return key.Length == KeyLength
            ? key
            : throw new InvalidDataException($"'{keyFile}' has {key.Length} bytes, not {KeyLength}. Delete it: a new key is made then, and addresses given out before end.");
    }

    private void CreateKey()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("A folder as a store needs Linux, where its key can be kept from other users.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(keyFile)!);
        string temporary = $"{keyFile}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            using (var file = new FileStream(temporary, options))
            {
                file.Write(RandomNumberGenerator.GetBytes(KeyLength));
            }

            File.Move(temporary, keyFile, overwrite: false);
        }
        catch (IOException) when (File.Exists(keyFile))
        {
            // Another process was first, and its key is the one that all read.
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
