using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>CR: another pipe or cable crosses the section.</summary>
public sealed class ForeignIntrusion : Defect
{
    private readonly float _thickness;
    private readonly float _endTurn;
    private readonly float _tilt;
    private readonly Vector3 _colour;

    public ForeignIntrusion(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _thickness = Radius * (0.035f + 0.13f * Severity * random.NextSingle());
        _endTurn = Turn + random.Between(0.25f, 0.42f);
        _tilt = HalfLength * random.Between(-0.6f, 0.6f);
        _colour = random.Pick<Vector3>([new(0.15f, 0.3f, 0.75f), new(0.85f, 0.4f, 0.1f), new(0.08f, 0.08f, 0.09f), new(0.75f, 0.75f, 0.75f), new(0.8f, 0.7f, 0.1f), new(0.45f, 0.28f, 0.18f)]);
    }

    public override void Draw(FrameCanvas canvas)
    {
        var from = canvas.Geometry.Point(Turn, Middle - _tilt, 1.02f);
        var to = canvas.Geometry.Point(_endTurn, Middle + _tilt, 1.02f);
        SolidPass.Draw(canvas, new Tube(from, to, _thickness, _colour));
    }

    private readonly struct Tube(Vector3 from, Vector3 to, float thickness, Vector3 colour) : ISolid
    {
        private readonly Vector3 _line = to - from;
        private readonly float _inverse = 1 / PortableMath.Dot(to - from, to - from);

        public (Vector3 Low, Vector3 High) Bounds => (Vector3.Min(from, to) - new Vector3(thickness), Vector3.Max(from, to) + new Vector3(thickness));

        public float StepShare => 0.95f;

        public int Steps => 24;

        public float Inside(Vector3 point)
        {
            var offset = point - from;
            return thickness - PortableMath.Length(offset - _line * PortableMath.Clamp01(PortableMath.Dot(offset, _line) * _inverse));
        }

        public Vector3 Albedo(Vector3 point)
        {
            var along = PortableMath.Dot(point - from, _line) * _inverse;
            var dirt = NoiseTexture.Clouds.Sample(along * 160, (point.X + point.Y + point.Z) / thickness * 20);
            return PortableMath.Mix(colour, new(0.28f, 0.22f, 0.16f), 0.55f * PortableMath.SmoothStep(0.35f, 0.8f, dirt));
        }
    }
}
