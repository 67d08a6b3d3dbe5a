using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>AJ: a side pipe breaks in through the wall, flush with it or protruding.</summary>
public sealed class ConcealedLateral : Defect
{
    private readonly float _opening;
    private readonly float _protrusion;
    private readonly Vector3 _colour;
    private readonly float _texture;

    public ConcealedLateral(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _opening = Radius * (0.26f + 0.12f * Severity);
        _protrusion = random.Chance(0.6f) ? Radius * (0.1f + 0.3f * Severity) : 0;
        _colour = random.Pick<Vector3>([Scene.WallColour, new(0.62f, 0.36f, 0.2f), new(0.55f, 0.55f, 0.53f)]);
        _texture = random.Between(0, 256);
    }

    public override bool PaintsWall => true;

    public override void Paint(in WallPoint point, ref WallSample sample)
    {
        var across = Radius * PortableMath.SinTurns(PortableMath.TurnDifference(point.Turn, Turn));
        if (MathF.Abs(PortableMath.TurnDifference(point.Turn, Turn)) > 0.2f) return;
        var along = point.Z - Middle;
        var ragged = 1 + 0.12f * (NoiseTexture.Clouds.Sample(point.U + _texture, point.V) - 0.5f);
        var distance = MathF.Sqrt(across * across + along * along) / (_opening * ragged);
        if (distance > 1.3f) return;
        if (distance > 1)
        {
            sample.Albedo = PortableMath.Mix(_colour * 1.2f, sample.Albedo, PortableMath.SmoothStep(1.12f, 1.3f, distance));
            return;
        }

        // Only the far side of the side pipe's wall catches the lamp.
        var lit = PortableMath.SmoothStep(0.1f, 1f, distance) * PortableMath.SmoothStep(-0.2f, 0.9f, along / _opening);
        sample.Albedo = _colour * (0.05f + 0.4f * lit);
        sample.Relief = 1;
    }

    public override void Draw(FrameCanvas canvas)
    {
        if (_protrusion > 0) SolidPass.Draw(canvas, new Stub(this, canvas.Geometry.Axis(Middle)));
    }

    private readonly struct Stub(ConcealedLateral lateral, Vector2 axis) : ISolid
    {
        private readonly Vector3 _centre = new(axis.X, axis.Y, lateral.Middle);
        private readonly Vector3 _outwards = new(PortableMath.SinTurns(lateral.Turn), -PortableMath.CosTurns(lateral.Turn), 0);
        private readonly float _wall = 0.05f * lateral.Radius;

        public (Vector3 Low, Vector3 High) Bounds
        {
            get
            {
                var inner = _centre + _outwards * (lateral.Radius - lateral._protrusion);
                var outer = _centre + _outwards * lateral.Radius;
                var reach = new Vector3(lateral._opening + 2 * _wall);
                return (Vector3.Min(inner, outer) - reach, Vector3.Max(inner, outer) + reach);
            }
        }

        public float StepShare => 0.7f;

        public int Steps => 24;

        public float Inside(Vector3 point)
        {
            var offset = point - _centre;
            var height = PortableMath.Dot(offset, _outwards);
            var distance = PortableMath.Length(offset - _outwards * height);
            var shell = MathF.Abs(distance - lateral._opening) - _wall;
            var chipped = 0.25f * lateral._protrusion * NoiseTexture.Clouds.Sample(offset.Z / lateral.Radius * 90 + lateral._texture, (offset.X - offset.Y) / lateral.Radius * 60);
            var end = lateral.Radius - lateral._protrusion + chipped - height;
            return -MathF.Max(shell, end);
        }

        public Vector3 Albedo(Vector3 point)
        {
            var offset = (point - _centre) / lateral.Radius;
            return lateral._colour * (0.85f + 0.4f * NoiseTexture.Sand.Sample(offset.Z * 90, (offset.X + offset.Y) * 90));
        }
    }
}
