using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>ZW: a solid object on the invert: a brick, a stone or a bottle.</summary>
public sealed class Obstacle : Defect
{
    private readonly int _kind;
    private readonly Vector3 _size;
    private readonly Vector3 _colour;
    private readonly float _sin;
    private readonly float _cos;
    private readonly Vector3 _place;

    public Obstacle(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _kind = random.NextInteger(3);
        var size = Radius * (0.2f + 0.16f * Severity);
        _size = _kind switch
        {
            0 => new(size * 1.1f, size * 0.62f, size * 0.7f),
            1 => new(size, size * 0.75f, size * 0.9f),
            _ => new(size * 0.45f, size * 0.45f, size * 1.15f),
        };
        _colour = _kind switch
        {
            0 => random.Pick<Vector3>([new(0.62f, 0.24f, 0.15f), new(0.55f, 0.33f, 0.22f), new(0.5f, 0.5f, 0.48f)]),
            1 => random.Pick<Vector3>([new(0.5f, 0.48f, 0.44f), new(0.36f, 0.34f, 0.32f)]),
            _ => random.Pick<Vector3>([new(0.1f, 0.42f, 0.18f), new(0.7f, 0.75f, 0.8f), new(0.15f, 0.3f, 0.7f), new(0.75f, 0.15f, 0.12f)]),
        };
        var spin = random.Between(-0.14f, 0.14f) + (_kind == 2 ? random.Between(0, 0.5f) : 0);
        _sin = PortableMath.SinTurns(spin);
        _cos = PortableMath.CosTurns(spin);
        var x = Radius * 0.62f * PortableMath.SinTurns(Turn);
        var floor = MathF.Sqrt(Radius * Radius - x * x) - Radius * 0.04f;
        // Afloat or perched, so that at least two thirds of it stand out of the water.
        var surface = scene.WaterDepth > 0 ? Radius * (1 - scene.WaterDepth) + _size.Y * 0.35f : float.MaxValue;
        _place = new(x, MathF.Min(floor - _size.Y * 0.8f, surface - _size.Y * 0.8f), Middle);
    }

    public override void Draw(FrameCanvas canvas) => SolidPass.Draw(canvas, new Body(this, canvas.Geometry.Axis(Middle)));

    private readonly struct Body(Obstacle obstacle, Vector2 axis) : ISolid
    {
        private readonly Vector3 _centre = obstacle._place + new Vector3(axis.X, axis.Y, 0);

        public (Vector3 Low, Vector3 High) Bounds
        {
            get
            {
                var reach = new Vector3(MathF.Max(obstacle._size.X, obstacle._size.Z) * 1.35f);
                return (_centre - reach, _centre + reach);
            }
        }

        public float StepShare => 0.8f;

        public int Steps => 24;

        public float Inside(Vector3 point)
        {
            var p = Local(point);
            var size = obstacle._size;
            switch (obstacle._kind)
            {
                case 0:
                    var q = Vector3.Abs(p) - size * 0.92f;
                    var outside = Vector3.Max(q, Vector3.Zero);
                    return 0.08f * size.Y - PortableMath.Length(outside) - MathF.Min(0, MathF.Max(q.X, MathF.Max(q.Y, q.Z)));
                case 1:
                    var lumps = NoiseTexture.Clouds.Sample(p.X / size.X * 22 + 60, (p.Y + p.Z) / size.Y * 16) - 0.5f;
                    return (1 - PortableMath.Length(p / size) + 0.35f * lumps) * size.Y;
                default:
                    // A body and a narrow neck.
                    var along = Math.Clamp(p.Z, -size.Z, size.Z);
                    var neck = PortableMath.SmoothStep(0.3f, 0.62f, along / size.Z);
                    return size.X * (1 - 0.62f * neck) - PortableMath.Length(new(p.X, p.Y, p.Z - along));
            }
        }

        public Vector3 Albedo(Vector3 point)
        {
            var p = Local(point) / obstacle.Radius;
            var grain = NoiseTexture.Sand.Sample(p.X * 120 + p.Y * 60, p.Z * 120 - p.Y * 70);
            if (obstacle._kind < 2) return obstacle._colour * (0.7f + 0.6f * grain);
            var label = MathF.Abs(Local(point).Z / obstacle._size.Z + 0.25f) < 0.3f ? 1.35f : 1f;
            var gloss = PortableMath.SmoothStep(0.55f, 0.95f, -Local(point).Y / obstacle._size.Y);
            return obstacle._colour * label + new Vector3(0.7f * gloss);
        }

        private Vector3 Local(Vector3 point)
        {
            var p = point - _centre;
            return new(p.X * obstacle._cos - p.Z * obstacle._sin, p.Y, p.X * obstacle._sin + p.Z * obstacle._cos);
        }
    }
}
