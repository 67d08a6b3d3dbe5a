using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>CJ: a heap of sediment along the invert, always high enough to stand out of the water.</summary>
public sealed class Deposit : Defect
{
    private readonly float _height;
    private readonly Vector3 _colour;
    private readonly float _texture;

    public Deposit(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _height = Radius * (scene.WaterDepth + 0.14f + 0.32f * Severity);
        _colour = random.Pick<Vector3>([new(0.34f, 0.26f, 0.17f), new(0.26f, 0.22f, 0.18f), new(0.42f, 0.36f, 0.27f), new(0.2f, 0.18f, 0.16f)]);
        _texture = random.Between(0, 256);
    }

    public override void Draw(FrameCanvas canvas) => SolidPass.Draw(canvas, new Heap(this, canvas.Geometry));

    private readonly struct Heap(Deposit deposit, PipeGeometry geometry) : ISolid
    {
        // Asked for at every step of every ray: worked out once a frame.
        private readonly float _texels = 40 / deposit.Radius;
        private readonly float _middle = deposit.Middle;
        private readonly float _inverseHalf = 1 / deposit.HalfLength;
        private readonly float _radius = deposit.Radius;
        private readonly float _height = deposit._height;
        private readonly float _texture = deposit._texture;

        public (Vector3 Low, Vector3 High) Bounds
        {
            get
            {
                var axis = geometry.Axis(deposit.Middle);
                var radius = deposit.Radius;
                return (new(axis.X - radius, axis.Y + radius - 1.5f * deposit._height, deposit.Start), new(axis.X + radius, axis.Y + 1.2f * radius, deposit.End));
            }
        }

        public float StepShare => 1.3f;

        public int Steps => 14;

        public float Inside(Vector3 point)
        {
            var along = (point.Z - _middle) * _inverseHalf;
            var profile = 1 - along * along;
            var height = point.Y - (geometry.Axis(point.Z).Y + _radius);
            // Clear of the highest lump: no need to know the lumps.
            var clear = height + _height * 1.42f * MathF.Max(0, profile);
            if (clear < -0.02f * _radius) return clear;
            var lump = NoiseTexture.Clouds.Sample(point.X * _texels + _texture, point.Z * _texels * 0.6f);
            return height + _height * profile * (0.58f + 0.8f * lump);
        }

        public Vector3 Albedo(Vector3 point)
        {
            var grit = NoiseTexture.Sand.Sample(point.X * _texels * 4, point.Z * _texels * 4 + deposit._texture);
            var stones = NoiseTexture.Pebbles.Sample(point.X * _texels * 2, point.Z * _texels * 2 + deposit._texture);
            return deposit._colour * (0.55f + 0.55f * grit + 0.35f * stones);
        }
    }
}
