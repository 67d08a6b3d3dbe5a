using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CloudPipe.Webhooks;

/// <summary>
/// Signs and verifies webhooks as Standard Webhooks 1.0.0 says
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): <c>v1,</c> and the base64
/// of HMAC-SHA256 over <c>id.timestamp.body</c>, one signature per secret, separated by spaces.
/// </summary>
public static class WebhookSigner
{
    /// <summary>The header with the event's id, the same on every attempt.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the attempt's time in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The header with the signatures.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far a timestamp may be from the receiver's clock.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string SignaturePrefix = "v1,";

    /// <summary>Signs a body.</summary>
    /// <param name="id">The event's id.</param>
    /// <param name="timestamp">The attempt's time.</param>
    /// <param name="body">The body exactly as sent.</param>
    /// <param name="secrets">One or more secrets.</param>
    /// <returns>The value of <see cref="SignatureHeader"/>.</returns>
    /// <exception cref="ArgumentException">There is no secret, or one is not of the form <c>whsec_</c> + base64.</exception>
    public static string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets)
    {
        if (secrets.Count == 0)
            throw new ArgumentException("A webhook is signed by at least one secret.", nameof(secrets));

        byte[] signed = SignedContent(id, Seconds(timestamp), body);
        return string.Join(' ', secrets.Select((secret, index) => TryDecodeSecret(secret, out byte[] key)
            ? SignaturePrefix + Convert.ToBase64String(HMACSHA256.HashData(key, signed))
            : throw new ArgumentException($"Secret {index} must be '{SecretPrefix}' and the base64 of 24 to 64 bytes.", nameof(secrets))));
    }

    /// <summary>Verifies a webhook as its receiver does.</summary>
    /// <param name="id">The value of <see cref="IdHeader"/>.</param>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>.</param>
    /// <param name="signatures">The value of <see cref="SignatureHeader"/>.</param>
    /// <param name="body">The body as received.</param>
    /// <param name="secrets">The secrets that the receiver accepts.</param>
    /// <param name="now">The receiver's clock.</param>
    /// <returns>Whether a signature is by one of the secrets and the timestamp is within <see cref="Tolerance"/>.</returns>
    public static bool Verify(string id, string timestamp, string signatures, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds)
            return false;

        byte[] signed = SignedContent(id, timestamp, body);
        bool verified = false;
        foreach (string secret in secrets)
        {
            if (!TryDecodeSecret(secret, out byte[] key))
                continue;

            byte[] expected = HMACSHA256.HashData(key, signed);
            foreach (string signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                byte[] given = new byte[expected.Length];
                verified |= signature.StartsWith(SignaturePrefix, StringComparison.Ordinal)
                    && Convert.TryFromBase64String(signature[SignaturePrefix.Length..], given, out int length)
                    && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), expected);
            }
        }

        return verified;
    }

    /// <summary>Makes a new secret from 32 random bytes.</summary>
    /// <returns><c>whsec_</c> and their base64.</returns>
    public static string CreateSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Reads a secret.</summary>
    /// <param name="secret"><c>whsec_</c> and the base64 of 24 to 64 bytes.</param>
    /// <param name="key">The bytes.</param>
    /// <returns>Whether it has that form.</returns>
    public static bool TryDecodeSecret(string secret, out byte[] key)
    {
        key = [];
        if (secret is null || !secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return false;

        byte[] decoded = new byte[64];
        if (!Convert.TryFromBase64String(secret[SecretPrefix.Length..], decoded, out int length) || length < 24)
            return false;

        key = decoded[..length];
        return true;
    }

    /// <summary>A time as the timestamp header has it.</summary>
    /// <param name="timestamp">The time.</param>
    /// <returns>Whole seconds since 1970.</returns>
    public static string Seconds(DateTimeOffset timestamp) => timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static byte[] SignedContent(string id, string seconds, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{id}.{seconds}."), .. body];
}
