using System.Numerics;
using System.Runtime.CompilerServices;

namespace CloudPipe.PipeSim;

/// <summary>
/// Elementary functions from additions, multiplications and square roots alone: those are exact to the bit on every
/// platform, the C library's sine and arc tangent are not. Angles are in turns: 0 is 12 o'clock, 0.25 is 3 o'clock.
/// </summary>
public static class PortableMath
{
    private const float InverseTau = 0.15915494f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SinTurns(float turns)
    {
        turns -= MathF.Floor(turns + 0.5f);
        if (turns > 0.25f) turns = 0.5f - turns;
        if (turns < -0.25f) turns = -0.5f - turns;
        var x = turns * 6.2831853f;
        var x2 = x * x;
        return x * (1f + x2 * (-0.16666667f + x2 * (0.0083333310f + x2 * (-0.00019840874f + x2 * 2.7525562e-6f))));
    }

    public static float CosTurns(float turns) => SinTurns(turns + 0.25f);

    /// <summary>The clock angle of a point in the cross-section (x to the right, y down), in (-0.5, 0.5].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ClockTurns(float x, float y)
    {
        var ax = MathF.Abs(x);
        var ay = MathF.Abs(y);
        var q = MathF.Min(ax, ay) / (MathF.Max(ax, ay) + 1e-12f);
        var r = ArcTangentTurns(q);
        if (ax > ay) r = 0.25f - r;
        if (y > 0) r = 0.5f - r;
        return x < 0 ? -r : r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> ClockTurns(Vector<float> x, Vector<float> y)
    {
        var ax = Vector.Abs(x);
        var ay = Vector.Abs(y);
        var q = Vector.Min(ax, ay) / (Vector.Max(ax, ay) + new Vector<float>(1e-12f));
        var q2 = q * q;
        var r = q * (new Vector<float>(0.99997726f * InverseTau) + q2 * (new Vector<float>(-0.33262347f * InverseTau)
            + q2 * (new Vector<float>(0.19354346f * InverseTau) + q2 * (new Vector<float>(-0.11643287f * InverseTau)
            + q2 * (new Vector<float>(0.05265332f * InverseTau) + q2 * new Vector<float>(-0.01172120f * InverseTau))))));
        r = Vector.ConditionalSelect(Vector.GreaterThan(ax, ay), new Vector<float>(0.25f) - r, r);
        r = Vector.ConditionalSelect(Vector.GreaterThan(y, Vector<float>.Zero), new Vector<float>(0.5f) - r, r);
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), -r, r);
    }

    /// <summary>The shortest way from one clock angle to another, in [-0.5, 0.5).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TurnDifference(float turn, float from)
    {
        var difference = turn - from;
        return difference - MathF.Floor(difference + 0.5f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Clamp01(float value) => value < 0 ? 0 : value > 1 ? 1 : value;

    /// <summary>0 below low, 1 above high, smooth between (low may be above high: then it falls).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SmoothStep(float low, float high, float value)
    {
        var x = Clamp01((value - low) / (high - low));
        return x * x * (3 - 2 * x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Mix(float from, float to, float amount) => from + (to - from) * amount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector3 Mix(Vector3 from, Vector3 to, float amount) => from + (to - from) * amount;

    // Not Vector3.Dot: the order of its additions depends on the processor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(Vector3 a, Vector3 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Length(Vector3 a) => MathF.Sqrt(Dot(a, a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ArcTangentTurns(float q)
    {
        var q2 = q * q;
        return q * (0.99997726f * InverseTau + q2 * (-0.33262347f * InverseTau + q2 * (0.19354346f * InverseTau
            + q2 * (-0.11643287f * InverseTau + q2 * (0.05265332f * InverseTau + q2 * (-0.01172120f * InverseTau))))));
    }
}
