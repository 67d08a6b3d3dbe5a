using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>CQ: what is left of a brick wall that once closed the pipe stands across part of the section.</summary>
public sealed class ResidualWall : Defect
{
    private readonly float _height;
    private readonly float _texture;
    private readonly bool _bricks;
    private readonly Vector3 _colour;

    public ResidualWall(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _height = Radius * (0.3f + 0.3f * Severity);
        _texture = random.Between(0, 256);
        _bricks = random.Chance(0.7f);
        _colour = _bricks ? random.Pick<Vector3>([new(0.56f, 0.26f, 0.17f), new(0.5f, 0.34f, 0.25f)]) : new(0.52f, 0.5f, 0.46f);
    }

    public override void Draw(FrameCanvas canvas) => SolidPass.Draw(canvas, new Dam(this, canvas.Geometry.Axis(Middle)));

    private readonly struct Dam(ResidualWall wall, Vector2 axis) : ISolid
    {
        private readonly Vector3 _towards = new(PortableMath.SinTurns(wall.Turn), -PortableMath.CosTurns(wall.Turn), 0);
        private readonly Vector3 _sideways = new(PortableMath.CosTurns(wall.Turn), PortableMath.SinTurns(wall.Turn), 0);

        public (Vector3 Low, Vector3 High) Bounds =>
            (new(axis.X - wall.Radius, axis.Y - wall.Radius, wall.Start), new(axis.X + wall.Radius, axis.Y + wall.Radius, wall.End));

        public float StepShare => 0.6f;

        public int Steps => 24;

        public float Inside(Vector3 point)
        {
            var (across, height) = Place(point);
            var u = across / wall.Radius;
            // Whole and half bricks are missing along the top.
            var course = wall._bricks ? MathF.Floor(u * 5 + 0.5f) / 5 : u;
            var ragged = 0.4f * (NoiseTexture.Clouds.Sample(course * 75 + wall._texture, wall._texture) - 0.5f)
                + 0.05f * NoiseTexture.Sand.Sample(u * 60, height / wall.Radius * 40 + wall._texture);
            var top = height - (wall.Radius - wall._height * (1 + ragged));
            var slab = wall.HalfLength * 0.95f - MathF.Abs(point.Z - wall.Middle);
            return MathF.Min(top, slab);
        }

        public Vector3 Albedo(Vector3 point)
        {
            var (across, height) = Place(point);
            float u = across / wall.Radius, v = height / wall.Radius;
            var grain = NoiseTexture.Sand.Sample(u * 110 + wall._texture, v * 110);
            if (!wall._bricks) return wall._colour * (0.7f + 0.6f * grain);
            var row = MathF.Floor(v * 7.5f);
            float inRow = v * 7.5f - row, along = u * 2.6f + 0.5f * row;
            var inBrick = along - MathF.Floor(along);
            if (inRow < 0.16f || inBrick < 0.07f) return new Vector3(0.62f, 0.6f, 0.55f) * (0.6f + 0.5f * grain);
            var own = NoiseTexture.Clouds.Sample(MathF.Floor(along) * 37 + wall._texture, row * 53);
            return wall._colour * (0.45f + 0.6f * own + 0.35f * grain);
        }

        private (float Across, float Height) Place(Vector3 point)
        {
            var offset = point - new Vector3(axis.X, axis.Y, 0);
            return (PortableMath.Dot(offset, _sideways), PortableMath.Dot(offset, _towards));
        }
    }
}
