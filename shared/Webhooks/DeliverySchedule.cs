using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CloudPipe.Webhooks;

/// <summary>
/// When attempts are made: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, the schedule that
/// Standard Webhooks 1.0.0 advises, each moved by up to a tenth so that a receiver that comes back is not met by all at once.
/// </summary>
public static class DeliverySchedule
{
    private static readonly TimeSpan[] _delays =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>How many attempts are made.</summary>
    public static int Attempts => _delays.Length;

    /// <summary>The longest wait that a receiver's Retry-After can ask for.</summary>
    public static TimeSpan LongestDelay => TimeSpan.FromHours(24);

    /// <summary>How long to wait before an attempt.</summary>
    /// <param name="message">Names the event and the endpoint: they decide the jitter, so that a repeat waits as long.</param>
    /// <param name="retryAfter">What the receiver asked for.</param>
    /// <returns>The wait after the attempt before, or <see langword="null"/> when the schedule has no such attempt.</returns>
    public static TimeSpan? DelayBefore(Messages.DeliverMessage message, TimeSpan? retryAfter = null)
    {
        if (message.Attempt < 1 || message.Attempt > Attempts)
            return null;

        TimeSpan delay = _delays[message.Attempt - 1] * (0.9 + (0.2 * Fraction($"{message.EventId}\n{message.EndpointId}\n{message.Attempt}")));
        TimeSpan asked = retryAfter > LongestDelay ? LongestDelay : retryAfter ?? TimeSpan.Zero;
        return asked > delay ? asked : delay;
    }

    // 0 to 1, spread evenly over texts.
    private static double Fraction(string text) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) / (double)uint.MaxValue;
}
