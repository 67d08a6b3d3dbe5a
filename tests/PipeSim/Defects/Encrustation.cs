using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>JG: a hard mineral crust that stands out from the wall.</summary>
public sealed class Encrustation : Defect
{
    private readonly float _halfTurn;
    private readonly float _thickness;
    private readonly float _texture;
    private readonly Vector3 _colour;

    public Encrustation(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _halfTurn = random.Between(0.09f, 0.14f) + 0.08f * Severity;
        _thickness = Radius * (0.12f + 0.16f * Severity);
        _texture = random.Between(0, 256);
        _colour = random.Pick<Vector3>([new(0.82f, 0.76f, 0.62f), new(0.78f, 0.6f, 0.36f), new(0.85f, 0.83f, 0.78f), new(0.6f, 0.5f, 0.38f)]);
    }

    public override void Draw(FrameCanvas canvas) => SolidPass.Draw(canvas, new Crust(this, canvas.Geometry));

    private readonly struct Crust(Encrustation crust, PipeGeometry geometry) : ISolid
    {
        private readonly float _texels = 40 / crust.Radius;
        private readonly float _narrowest = geometry.NarrowestFactor;

        public (Vector3 Low, Vector3 High) Bounds
        {
            get
            {
                Vector3 low = new(float.MaxValue), high = new(float.MinValue);
                for (var i = 0; i <= 8; i++)
                {
                    var turn = crust.Turn + crust._halfTurn * (i / 4f - 1);
                    foreach (var share in (ReadOnlySpan<float>)[1.03f, 1 - 1.5f * crust._thickness / crust.Radius])
                    {
                        var point = geometry.Point(turn, crust.Middle, share);
                        low = Vector3.Min(low, point);
                        high = Vector3.Max(high, point);
                    }
                }

                return (low with { Z = crust.Start }, high with { Z = crust.End });
            }
        }

        public float StepShare => 0.9f;

        public int Steps => 16;

        public float Inside(Vector3 point)
        {
            var axis = geometry.Axis(point.Z);
            float x = point.X - axis.X, y = point.Y - axis.Y;
            var distance = MathF.Sqrt(x * x + y * y);
            // Clear of the thickest knob, whatever the pipe's ovality: no need to know the knobs.
            var clear = distance - crust.Radius * _narrowest + 1.4f * crust._thickness;
            if (clear < -0.02f * crust.Radius) return clear;
            var turn = PortableMath.ClockTurns(x, y);
            var across = PortableMath.TurnDifference(turn, crust.Turn) / crust._halfTurn;
            var along = (point.Z - crust.Middle) / crust.HalfLength;
            var mask = 1 - across * across - along * along;
            float u = turn * NoiseTexture.Size, v = point.Z * _texels;
            var lump = NoiseTexture.Clouds.Sample(u * 2 + crust._texture, v * 2);
            var knobs = NoiseTexture.Pebbles.Sample(u * 2, v * 1.6f + crust._texture);
            var thickness = crust._thickness * PortableMath.SmoothStep(0, 0.7f, mask + 0.6f * (lump - 0.5f)) * (0.45f + 0.6f * lump + 0.35f * knobs);
            return distance - crust.Radius * geometry.RadiusFactor(turn, point.Z) + thickness - 0.012f * crust.Radius;
        }

        public Vector3 Albedo(Vector3 point)
        {
            var axis = geometry.Axis(point.Z);
            var u = PortableMath.ClockTurns(point.X - axis.X, point.Y - axis.Y) * NoiseTexture.Size;
            var grain = NoiseTexture.Sand.Sample(u * 4, point.Z * _texels * 4 + crust._texture);
            var rust = NoiseTexture.Clouds.Sample(u * 3 + crust._texture, point.Z * _texels * 3);
            return PortableMath.Mix(crust._colour, new(0.5f, 0.3f, 0.14f), PortableMath.SmoothStep(0.5f, 0.9f, rust) * 0.7f) * (0.75f + 0.5f * grain);
        }
    }
}
