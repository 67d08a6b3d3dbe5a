using System.Numerics;

namespace CloudPipe.Metrics;

/// <summary>
/// MT19937 (Matsumoto, Nishimura, "Mersenne Twister", 1998), seeded and drawn from as Python's <c>random</c> does. It is here
/// because a published evaluation orders ties by it; everything of our own draws from SplitMix64.
/// </summary>
internal sealed class MersenneTwister
{
    private const int Length = 624;
    private readonly uint[] _state = new uint[Length];
    private int _next = Length;

    /// <summary>As <c>random.seed(seed)</c>: <c>init_by_array</c> with one word.</summary>
    /// <param name="seed">The seed.</param>
    public MersenneTwister(uint seed)
    {
        _state[0] = 19650218;
        for (uint i = 1; i < Length; i++)
            _state[i] = (1812433253 * Mixed(i - 1)) + i;

        uint at = 1;
        for (int k = 0; k < Length; k++)
        {
            _state[at] = (_state[at] ^ (Mixed(at - 1) * 1664525)) + seed;
            at = Advance(at);
        }

        for (int k = 1; k < Length; k++)
        {
            _state[at] = (_state[at] ^ (Mixed(at - 1) * 1566083941)) - at;
            at = Advance(at);
        }

        _state[0] = 0x80000000;
    }

    /// <summary>As <c>random.sample(range(count), count)</c>: every index once, in random order.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The indices.</returns>
    public int[] Permutation(int count)
    {
        int[] pool = [.. Enumerable.Range(0, count)];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int drawn = Below(count - i);
            order[i] = pool[drawn];
            pool[drawn] = pool[count - i - 1];
        }

        return order;
    }

    // As _randbelow: as many high bits as the bound has, drawn again while they are not below it.
    private int Below(int bound)
    {
        int bits = 32 - BitOperations.LeadingZeroCount((uint)bound);
        uint drawn;
        do
            drawn = NextUInt32() >> (32 - bits);
        while (drawn >= bound);

        return (int)drawn;
    }

    private uint NextUInt32()
    {
        if (_next == Length)
        {
            for (int i = 0; i < Length; i++)
            {
                uint bits = (_state[i] & 0x80000000) | (_state[(i + 1) % Length] & 0x7FFFFFFF);
                _state[i] = _state[(i + 397) % Length] ^ (bits >> 1) ^ ((bits & 1) == 0 ? 0 : 0x9908B0DF);
            }

            _next = 0;
        }

        uint value = _state[_next++];
        value ^= value >> 11;
        value ^= (value << 7) & 0x9D2C5680;
        value ^= (value << 15) & 0xEFC60000;
        return value ^ (value >> 18);
    }

    private uint Mixed(uint at) => _state[at] ^ (_state[at] >> 30);

    private uint Advance(uint at)
    {
        if (++at < Length)
            return at;

        _state[0] = _state[Length - 1];
        return 1;
    }
}
