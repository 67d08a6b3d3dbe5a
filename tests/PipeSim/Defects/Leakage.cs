using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>
/// SL: water comes in and drips or spurts. In any single frame it cannot be told from droplets that hang still on the
/// wall and on threads of slime, a harmless sight that some pipes have: only the change between frames tells.
/// </summary>
public sealed class Leakage : Defect
{
    private readonly bool _moves;
    private readonly Drop[] _drops;

    public Leakage(PipeEvent e, PipeScene scene, bool moves)
        : base(e, scene)
    {
        _moves = moves;
        var random = new HashRandom(e.Seed);
        _drops = new Drop[14 + (int)(26 * Severity)];
        var inwards = new Vector3(-PortableMath.SinTurns(Turn), PortableMath.CosTurns(Turn), 0);
        for (var i = 0; i < _drops.Length; i++)
        {
            var from = new Vector3(
                0.96f * Radius * PortableMath.SinTurns(Turn + random.Between(-0.02f, 0.02f)),
                -0.96f * Radius * PortableMath.CosTurns(Turn + random.Between(-0.02f, 0.02f)),
                random.Between(-1, 1) * HalfLength * 0.7f);
            // A spurt reaches some way across before it falls.
            var push = Radius * random.Between(0.7f, 1.1f) * (0.4f + Severity);
            _drops[i] = new(from, inwards * push, random.Between(0.45f, 0.8f), random.NextSingle(), Radius * random.Between(0.005f, 0.012f));
        }
    }

    /// <summary>Seen from now on, hanging still as it is at that moment.</summary>
    public float FrozenAtSeconds { get; init; }

    public override void Draw(FrameCanvas canvas)
    {
        var seconds = _moves ? (float)canvas.Seconds : FrozenAtSeconds;
        var axis = canvas.Geometry.Axis(Middle);
        var place = new Vector3(axis.X, axis.Y, Middle);
        var floor = MathF.Min(canvas.WaterLevel, 0.97f * Radius + axis.Y);
        Span<Vector3> streak = stackalloc Vector3[2];
        foreach (var drop in _drops)
        {
            var phase = seconds / drop.Period + drop.Phase;
            var turns = MathF.Floor(phase);
            // Every fall of a drop takes a path of its own.
            var own = new HashRandom(HashRandom.Combine(Event.Seed + (ulong)(long)turns, (ulong)(drop.Phase * 65536)));
            var scatter = new Vector3(own.Between(-1, 1), 0, own.Between(-1, 1)) * (0.12f * Radius);
            streak[1] = place + drop.At(phase - turns, scatter, Radius);
            streak[0] = place + drop.At(MathF.Max(0, phase - turns - 0.07f), scatter, Radius);
            var offset = streak[1] - place;
            if (streak[1].Y > floor || offset.X * offset.X + offset.Y * offset.Y > Radius * Radius) continue;
            StrokePass.Draw(canvas, streak, drop.Thickness * 0.7f, drop.Thickness, new(1.1f, 1.15f, 1.2f), 0.6f, 0.3f);
        }
    }

    private readonly record struct Drop(Vector3 From, Vector3 Push, float Period, float Phase, float Thickness)
    {
        public Vector3 At(float fall, Vector3 scatter, float radius) =>
            From + Push * fall + scatter * fall + new Vector3(0, 2.1f * radius * fall * fall, 0);
    }
}
