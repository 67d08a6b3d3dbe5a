using System.Net;
using System.Net.Sockets;

namespace CloudPipe.Webhooks;

/// <summary>
/// Keeps webhooks from reaching what only this host may reach: it resolves the name itself, looks at every address, and
/// connects to the very addresses it looked at, so that a name that changes in between gains nothing.
/// </summary>
/// <param name="allowPrivateAddresses">Whether every address is allowed.</param>
/// <param name="resolve">Resolves a name; the system's resolver unless a test has its own.</param>
public sealed class PrivateAddressGuard(bool allowPrivateAddresses, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    // IANA's special-purpose registries for IPv4 and IPv6, multicast, and Azure's wire server, which looks public.
    private static readonly IPNetwork[] _refused = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    }.Select(network => IPNetwork.Parse(network))];

    private static readonly IPNetwork _translated = IPNetwork.Parse("64:ff9b::/96");

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>Whether an address is loopback, private, link-local (clouds' metadata services are), or otherwise not public.</summary>
    /// <param name="address">The address, of version 4 or 6.</param>
    /// <returns>Whether it is refused.</returns>
    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        else if (address.AddressFamily == AddressFamily.InterNetworkV6 && _translated.Contains(address))
            address = new IPAddress(address.GetAddressBytes().AsSpan(12));

        return _refused.Any(network => network.Contains(address));
    }

    /// <summary>Makes the handler that webhooks are sent through: guarded, without redirects, cookies and proxies.</summary>
    /// <returns>The handler; its owner disposes it.</returns>
    public SocketsHttpHandler CreateHandler() => new()
    {
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, cancellationToken),
        AllowAutoRedirect = false,
        UseCookies = false,

        // A proxy would resolve the name once more, out of the guard's sight.
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 16,
    };

    /// <summary>Connects to a host.</summary>
    /// <param name="endPoint">The host's name or address, and the port.</param>
    /// <param name="cancellationToken">Stops connecting.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="AddressRefusedException">One of its addresses is not public.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken = default)
    {
        IPAddress[] addresses = IPAddress.TryParse(endPoint.Host, out IPAddress? literal)
            ? [literal]
            : await _resolve(endPoint.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0)
            throw new HttpRequestException($"The host '{endPoint.Host}' has no address.");

        // One bad address is enough: an honest receiver has none, and trying the others would let a name probe.
        if (!allowPrivateAddresses && addresses.FirstOrDefault(IsPrivate) is IPAddress refused)
        {
            throw new AddressRefusedException(
                $"The host '{endPoint.Host}' has the address {refused}, which is not public. Set Webhooks:AllowPrivateAddresses to post to it.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
