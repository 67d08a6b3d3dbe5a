using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>PL: dark cracks that branch over the wall; graver ones have lost a piece and show the soil.</summary>
public sealed class Fracture : Defect
{
    private readonly List<(float Turn, float Z)[]> _cracks = [];
    private readonly float _hole;
    private readonly float _texture;

    public Fracture(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _texture = random.Between(0, 256);
        _hole = Severity > 0.5f ? Radius * (0.12f + 0.3f * (Severity - 0.5f)) : 0;
        var arms = 3 + random.NextInteger(3);
        var heading = random.NextSingle();
        for (var i = 0; i < arms; i++)
        {
            Grow(ref random, Turn, Middle, heading + (i + 0.4f * random.NextSingle()) / arms, HalfLength * random.Between(0.8f, 1.4f), 2);
        }
    }

    public override bool PaintsWall => _hole > 0;

    public override void Paint(in WallPoint point, ref WallSample sample)
    {
        var across = PortableMath.TurnDifference(point.Turn, Turn) * 6.2831853f * Radius;
        var along = point.Z - Middle;
        var distance = MathF.Sqrt(across * across + along * along);
        var bearing = PortableMath.ClockTurns(across, along);
        // Broken edges are straight between corners: a polygon of uneven corners.
        var corner = MathF.Abs(bearing * 5 - MathF.Floor(bearing * 5) - 0.5f);
        var edge = _hole * (0.75f + 0.5f * corner + 0.45f * (NoiseTexture.Clouds.Sample(bearing * 90 + _texture, _texture) - 0.5f));
        if (distance > edge * 1.25f) return;
        if (distance > edge)
        {
            sample.Albedo = PortableMath.Mix(sample.Albedo, Scene.WallColour * 1.35f, 0.7f);
            return;
        }

        var clods = NoiseTexture.Pebbles.Sample(point.U * 2, point.V * 2);
        sample.Albedo = new Vector3(0.16f, 0.11f, 0.07f) * (0.25f + 0.9f * clods);
        sample.Relief *= 0.35f + 0.4f * distance / edge;
    }

    public override void Draw(FrameCanvas canvas)
    {
        Span<Vector3> points = stackalloc Vector3[16];
        var half = Radius * (0.009f + 0.014f * Severity);
        foreach (var crack in _cracks)
        {
            for (var i = 0; i < crack.Length; i++) points[i] = canvas.Geometry.Point(crack[i].Turn, crack[i].Z, 0.995f);
            StrokePass.Draw(canvas, points[..crack.Length], half, half * 0.4f, new(0.02f, 0.018f, 0.015f), 0.92f, 0);
        }
    }

    private void Grow(ref HashRandom random, float turn, float z, float heading, float length, int branchings)
    {
        const int steps = 12;
        var points = new (float Turn, float Z)[steps + 1];
        points[0] = (turn, z);
        var step = length / steps;
        for (var i = 1; i <= steps; i++)
        {
            heading += random.Between(-0.1f, 0.1f);
            turn += step * PortableMath.SinTurns(heading) / (6.2831853f * Radius);
            z += step * PortableMath.CosTurns(heading);
            points[i] = (turn, z);
            if (branchings > 0 && random.Chance(0.16f))
            {
                Grow(ref random, turn, z, heading + (random.Chance(0.5f) ? 0.14f : -0.14f), length * 0.5f, branchings - 1);
            }
        }

        _cracks.Add(points);
    }
}
