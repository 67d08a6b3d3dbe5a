using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Parity;

/// <summary>Weights as a function of a tensor's name and an element's index: both sides of a comparison can make them.</summary>
internal static class FormulaFill
{
    public static uint Seed(string name) =>
        Encoding.UTF8.GetBytes(name).Aggregate(0x811c9dc5u, (hash, value) => (hash ^ value) * 0x01000193u);

    public static float[] Values(string name, long count, double multiplier, double offset)
    {
        uint seed = Seed(name);
        float[] values = new float[count];
        for (long i = 0; i < count; i++)
            values[i] = (float)(offset + (multiplier * ((Hash((uint)i, seed) / 4294967296.0 * 2) - 1)));

        return values;
    }

    public static Tensor Input(string name, long[] shape)
    {
        long count = shape.Aggregate(1L, (product, length) => product * length);
        return tensor(Values(name, count, 1, 0), shape);
    }

    /// <param name="network">Takes the weights.</param>
    /// <param name="fill">What the reference file says of them.</param>
    /// <param name="referenceName">The reference's name of each key, where it has other names.</param>
    /// <param name="referenceShapes">The reference's shapes by its names, where they may be others.</param>
    public static void Network(nn.Module network, JsonElement fill, Func<string, string>? referenceName = null, IReadOnlyDictionary<string, long[]>? referenceShapes = null)
    {
        if (fill.GetProperty("rule").GetString() is not "v1" and var rule)
            throw new NotSupportedException($"The reference fills its weights by the rule '{rule}'; 'v1' is known.");

        Regex[] unchanged = [.. fill.GetProperty("unchanged_keys_regex").EnumerateArray().Select(entry => new Regex(entry.GetString()!))];
        (Regex Key, int Dimensions, double Factor)[] exceptions =
        [
            .. fill.GetProperty("exceptions").EnumerateArray().Select(entry =>
                (new Regex(entry.GetProperty("key_regex").GetString()!), entry.GetProperty("min_ndim").GetInt32(), entry.GetProperty("multiply").GetDouble())),
        ];
        using var noGrad = no_grad();
        foreach ((string ownKey, Tensor target) in network.state_dict())
        {
            string key = referenceName is null ? ownKey : referenceName(ownKey);
            if (!target.is_floating_point() || unchanged.Any(regex => regex.IsMatch(key)))
                continue;

            long[] shape = referenceShapes?[key] ?? target.shape;
            (double multiplier, double offset) = Rule(key, shape);
            foreach (var (_, _, factor) in exceptions.Where(entry => shape.Length >= entry.Dimensions && entry.Key.IsMatch(key)))
                (multiplier, offset) = (multiplier * factor, offset * factor);

            using Tensor values = tensor(Values(key, target.NumberOfElements, multiplier, offset), target.shape);
            target.copy_(values);
        }
    }

    private static (double Multiplier, double Offset) Rule(string key, long[] shape) => (key, shape.Length) switch
    {
        _ when key.EndsWith("running_var", StringComparison.Ordinal) => (0.1, 1),
        _ when key.EndsWith("running_mean", StringComparison.Ordinal) => (0.1, 0),
        (_, >= 2) => (Math.Sqrt(3.0 / shape.Skip(1).Aggregate(1L, (product, length) => product * length)), 0),
        _ when key.EndsWith("weight", StringComparison.Ordinal) || key.EndsWith("gamma", StringComparison.Ordinal) || key.EndsWith("gain", StringComparison.Ordinal) => (0.1, 1),
        _ => (0.1, 0),
    };

    private static uint Hash(uint i, uint seed)
    {
        uint x = unchecked((i * 2654435761u) + seed);
        x ^= x >> 16;
        x = unchecked(x * 0x85ebca6bu);
        x ^= x >> 13;
        x = unchecked(x * 0xc2b2ae35u);
        return x ^ (x >> 16);
    }
}
