using System.Net;
using System.Net.Sockets;
using CloudPipe.Webhooks;

namespace CloudPipe.Shared.Tests.Webhooks;

public class PrivateAddressGuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void What_is_not_public_is_private(string address) => Assert.True(PrivateAddressGuard.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("169.253.1.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::1.1.1.1")]
    public void What_is_public_is_not(string address) => Assert.False(PrivateAddressGuard.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("public.example")]
    [InlineData("localhost")]
    public async Task A_private_address_is_refused_before_a_byte_is_sent(string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var guard = new PrivateAddressGuard(allowPrivateAddresses: false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("1.1.1.1"), IPAddress.Loopback]));
        using var client = new HttpClient(guard.CreateHandler());

        HttpRequestException exception = await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.GetAsync(new Uri($"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/")));

        Assert.IsType<AddressRefusedException>(exception.InnerException);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task It_connects_to_the_very_address_it_looked_at_when_private_ones_are_allowed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var guard = new PrivateAddressGuard(allowPrivateAddresses: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        await using Stream stream = await guard.ConnectAsync(new DnsEndPoint("a.name.that.does.not.resolve.invalid", ((IPEndPoint)listener.LocalEndpoint).Port));

        using TcpClient accepted = await listener.AcceptTcpClientAsync();
        Assert.True(accepted.Connected);
    }
}
