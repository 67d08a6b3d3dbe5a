using System.Net;
using System.Net.Sockets;

namespace CloudPipe.Tests.Support;

/// <summary>Ports for programs that must be told one.</summary>
public static class FreePorts
{
    // Below the range that Linux takes ports from by itself: no connection made meanwhile gets one of them.
    private const int First = 20_000, End = 32_000;

    /// <summary>Finds ports of the loopback address that nobody listens on.</summary>
    public static int[] Find(int count)
    {
        var ports = new HashSet<int>();
        while (ports.Count < count)
        {
            int port = Random.Shared.Next(First, End);
            if (IsFree(port))
                ports.Add(port);
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
