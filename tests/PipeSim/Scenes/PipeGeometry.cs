using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>
/// The pipe's inner surface as the defects have left it: where its axis runs, how round it is, where its joints are
/// offset or open. Along the pipe z, x to the right, y down, in metres.
/// </summary>
public sealed class PipeGeometry
{
    private readonly Defect[] _bends;
    private readonly Defect[] _ovalities;
    private readonly JointOffset[] _offsets;
    private readonly DisjointedPipe[] _gaps;

    public PipeGeometry(PipeScene scene, IEnumerable<PipeEvent> events, IReadOnlyList<Defect> defects)
    {
        Radius = scene.Radius;
        _bends = [.. defects.Where(defect => defect is Undulation)];
        _ovalities = [.. defects.Where(defect => defect is Deformation)];
        _offsets = [.. defects.OfType<JointOffset>().OrderBy(offset => offset.Joint)];
        _gaps = [.. defects.OfType<DisjointedPipe>().OrderBy(gap => gap.Joint)];
        Joints = PlaceJoints(scene, events);
        NarrowestFactor = _ovalities.OfType<Deformation>().Aggregate(1f, (factor, defect) => factor * (1 - defect.Ovality));
    }

    public float Radius { get; }

    /// <summary>No part of the pipe is narrower than this share of the radius.</summary>
    public float NarrowestFactor { get; }

    /// <summary>Where the joints are, ascending.</summary>
    public IReadOnlyList<float> Joints { get; }

    /// <summary>Where the first stretch begins, from here on, that is not a plain cylinder around x = y = 0.</summary>
    public float StraightUntil(float near)
    {
        var until = float.MaxValue;
        foreach (var defect in _bends) if (defect.End > near) until = MathF.Min(until, defect.Start);
        foreach (var defect in _ovalities) if (defect.End > near) until = MathF.Min(until, defect.Start);
        foreach (var offset in _offsets) if (offset.PipeEnd > near) until = MathF.Min(until, offset.Joint);
        foreach (var gap in _gaps) if (gap.FarEdge > near) until = MathF.Min(until, gap.Joint);
        return until;
    }

    public Vector2 Axis(float z)
    {
        var axis = Bend(z);
        foreach (var offset in _offsets) axis += offset.Shift(z);
        return axis;
    }

    /// <summary>The radius as a share of the round pipe's.</summary>
    public float RadiusFactor(float turn, float z)
    {
        var factor = 1f;
        foreach (var defect in _ovalities) factor *= defect.RadiusFactor(turn, z);
        return factor;
    }

    /// <summary>A point at a clock angle, at a share of the radius.</summary>
    public Vector3 Point(float turn, float z, float share)
    {
        var radius = share * Radius * (_ovalities.Length == 0 ? 1 : RadiusFactor(turn, z));
        var axis = Axis(z);
        return new(axis.X + radius * PortableMath.SinTurns(turn), axis.Y - radius * PortableMath.CosTurns(turn), z);
    }

    /// <summary>Follows a ray (direction with a z of about 1) from the camera to the wall.</summary>
    /// <param name="origin">The lens.</param>
    /// <param name="direction">Towards the pixel.</param>
    /// <param name="farthest">The depth at which the search ends.</param>
    /// <param name="guess">The depth of a pixel beside it, or 0: a good start saves rounds.</param>
    public SurfaceHit Trace(Vector3 origin, Vector3 direction, float farthest, float guess)
    {
        var start = origin.Z;
        var shift = Vector2.Zero;
        foreach (var offset in _offsets) shift += offset.Shift(start);
        var depth = Follow(origin, direction, shift, farthest, guess);
        foreach (var offset in _offsets)
        {
            if (offset.Joint <= start || start + depth * direction.Z < offset.Joint) continue;
            var atJoint = (offset.Joint - start) / direction.Z;
            var step = offset.Shift(offset.Joint + 1e-4f);
            var next = Bend(offset.Joint) + step;
            float x = origin.X + atJoint * direction.X - next.X, y = origin.Y + atJoint * direction.Y - next.Y;
            if (x * x + y * y > Radius * Radius) return new(atJoint, PortableMath.ClockTurns(x, y), SurfaceKind.PipeEnd, 1);
            depth = Follow(origin, direction, step, farthest, depth);
            shift = offset.Shift(MathF.Max(offset.Joint + 1e-4f, start + depth * direction.Z));
            depth = Follow(origin, direction, shift, farthest, depth);
        }

        foreach (var gap in _gaps)
        {
            var z = start + depth * direction.Z;
            if (z < gap.Joint || z > gap.FarEdge || gap.FarEdge <= start) continue;
            var wide = Cylinder(origin, direction, Axis(z), Radius * DisjointedPipe.SoilRadius);
            return start + wide * direction.Z <= gap.FarEdge
                ? At(origin, direction, wide, SurfaceKind.Soil, shift)
                : At(origin, direction, (gap.FarEdge - start) / direction.Z, SurfaceKind.PipeEnd, shift);
        }

        return At(origin, direction, depth, SurfaceKind.Wall, shift);
    }

    private Vector2 Bend(float z)
    {
        var axis = Vector2.Zero;
        foreach (var defect in _bends) axis += defect.AxisOffset(z);
        return axis;
    }

    // The axis and the radius at the hit are not known before the hit is: a few rounds of substitution settle it,
    // since both change slowly against the ray's slope.
    private float Follow(Vector3 origin, Vector3 direction, Vector2 shift, float farthest, float guess)
    {
        if (_bends.Length == 0 && _ovalities.Length == 0) return MathF.Min(farthest, Cylinder(origin, direction, shift, Radius));
        var depth = guess > 0 ? guess : MathF.Min(farthest, Cylinder(origin, direction, Bend(origin.Z) + shift, Radius));
        for (var round = 0; round < 5; round++)
        {
            var z = origin.Z + depth * direction.Z;
            var axis = Bend(z) + shift;
            var factor = _ovalities.Length == 0 || IsRound(z)
                ? 1 : RadiusFactor(PortableMath.ClockTurns(origin.X + depth * direction.X - axis.X, origin.Y + depth * direction.Y - axis.Y), z);
            var next = MathF.Min(farthest, Cylinder(origin, direction, axis, Radius * factor));
            var change = next - depth;
            depth += 0.75f * change;
            if (MathF.Abs(change) < 0.01f * depth) break;
        }

        return depth;
    }

    private SurfaceHit At(Vector3 origin, Vector3 direction, float depth, SurfaceKind kind, Vector2 shift)
    {
        var z = origin.Z + depth * direction.Z;
        var axis = Bend(z) + shift;
        var turn = PortableMath.ClockTurns(origin.X + depth * direction.X - axis.X, origin.Y + depth * direction.Y - axis.Y);
        return new(depth, turn, kind, Facing(turn, z));
    }

    // Neither bent nor oval within a step of this place.
    private bool IsSmooth(float z)
    {
        var step = 0.06f * Radius;
        foreach (var defect in _bends)
        {
            if (defect.Start < z + step && defect.End > z - step) return false;
        }

        return IsRound(z);
    }

    private bool IsRound(float z)
    {
        var step = 0.06f * Radius;
        foreach (var defect in _ovalities)
        {
            if (defect.Start < z + step && defect.End > z - step) return false;
        }

        return true;
    }

    // A wall that leans towards the camera catches more light: what makes ovality and sags visible at all.
    private float Facing(float turn, float z)
    {
        if (IsSmooth(z)) return 1;
        var step = 0.05f * Radius;
        var slope = Radius * (RadiusFactor(turn, z + step) - RadiusFactor(turn, z - step));
        var drift = Bend(z + step) - Bend(z - step);
        slope += drift.X * PortableMath.SinTurns(turn) - drift.Y * PortableMath.CosTurns(turn);
        return Math.Clamp(1 - 3f * slope / (2 * step), 0.35f, 1.8f);
    }

    private static float Cylinder(Vector3 origin, Vector3 direction, Vector2 axis, float radius)
    {
        float x = origin.X - axis.X, y = origin.Y - axis.Y;
        var a = direction.X * direction.X + direction.Y * direction.Y + 1e-9f;
        var b = x * direction.X + y * direction.Y;
        var c = MathF.Max(1e-6f, radius * radius - x * x - y * y);
        return (MathF.Sqrt(b * b + a * c) - b) / a;
    }

    private static float[] PlaceJoints(PipeScene scene, IEnumerable<PipeEvent> events)
    {
        var own = events.Where(e => DefectClass.All[e.ClassIndex].StandsAtJoint).Select(e => e.MiddleMetres).ToArray();
        var last = scene.Camera.Metres(double.MaxValue) + 30 * scene.Radius;
        var joints = new List<float>(own);
        for (var z = (scene.JointPhase - 1) * scene.JointSpacing; z < last; z += scene.JointSpacing)
        {
            if (!own.Any(joint => MathF.Abs(joint - z) < 0.5f * scene.JointSpacing)) joints.Add(z);
        }

        joints.Sort();
        return [.. joints];
    }
}
