using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>SG: fine tendrils that come in at a joint, branch and droop into the section.</summary>
public sealed class Roots : Defect
{
    private readonly List<(Vector3[] Points, float Thickness, Vector3 Colour)> _tendrils = [];

    public Roots(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        var spread = 0.05f + 0.2f * Severity;
        var colour = random.Pick<Vector3>([new(0.5f, 0.36f, 0.22f), new(0.66f, 0.54f, 0.38f), new(0.36f, 0.26f, 0.18f)]);
        var tendrils = 16 + (int)(34 * Severity);
        for (var i = 0; i < tendrils; i++)
        {
            var turn = Turn + spread * (random.NextSingle() + random.NextSingle() - 1);
            var wall = new Vector3(PortableMath.SinTurns(turn), -PortableMath.CosTurns(turn), 0) * Radius;
            var length = Radius * random.Between(0.35f, 0.55f + 0.7f * Severity);
            Grow(ref random, wall, -wall / Radius, length, Radius * random.Between(0.006f, 0.017f), colour * random.Between(0.7f, 1.25f), 2);
        }
    }

    public override void Draw(FrameCanvas canvas)
    {
        var axis = canvas.Geometry.Axis(Middle);
        var place = new Vector3(axis.X, axis.Y, Middle);
        Span<Vector3> points = stackalloc Vector3[16];
        foreach (var (tendril, thickness, colour) in _tendrils)
        {
            for (var i = 0; i < tendril.Length; i++) points[i] = place + tendril[i];
            StrokePass.Draw(canvas, points[..tendril.Length], thickness, thickness * 0.35f, colour);
        }
    }

    private void Grow(ref HashRandom random, Vector3 from, Vector3 direction, float length, float thickness, Vector3 colour, int branchings)
    {
        const int steps = 8;
        var points = new Vector3[steps + 1];
        points[0] = from;
        for (var i = 1; i <= steps; i++)
        {
            var stray = new Vector3(random.Between(-1, 1), random.Between(-1, 1), random.Between(-0.8f, 0.5f));
            // Tendrils hang down and are washed along by the flow, towards the camera.
            direction = FrameCanvas.Normalise(direction + 0.55f * stray + new Vector3(0, 0.16f, -0.05f));
            points[i] = points[i - 1] + direction * (length / steps);
            float x = points[i].X, y = points[i].Y, out2 = x * x + y * y;
            if (out2 > 0.96f * Radius * Radius)
            {
                var pull = 0.97f * Radius / MathF.Sqrt(out2);
                points[i] = new(x * pull, y * pull, points[i].Z);
            }

            if (branchings > 0 && random.Chance(0.22f))
            {
                Grow(ref random, points[i], direction, length * 0.5f, thickness * 0.6f, colour, branchings - 1);
            }
        }

        _tendrils.Add((points, thickness, colour));
    }
}
