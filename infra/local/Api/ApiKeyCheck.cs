using System.Security.Cryptography;
using System.Text;
using CloudPipe.Functions.Api.OpenApi;
using Microsoft.AspNetCore.Http;

namespace CloudPipe.Local.Api;

/// <summary>Compares a request's key with those that are configured, in a time that tells nothing about them.</summary>
/// <param name="keys">The keys; without any every request passes.</param>
internal sealed class ApiKeyCheck(IEnumerable<string> keys)
{
    // Hashes are of one length, whatever the keys' are.
    private readonly byte[][] _hashes = [.. keys.Select(Hash)];

    public bool Allows(HttpRequest request)
    {
        string given = request.Headers[OpenApiWriter.KeyHeader] is { Count: 1 } header ? header.ToString() : request.Query[OpenApiWriter.KeyParameter].ToString();
        byte[] hash = Hash(given);
        bool isKnown = _hashes.Length == 0;
        foreach (byte[] known in _hashes)
        {
            isKnown |= CryptographicOperations.FixedTimeEquals(known, hash);
        }

        return isKnown;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
