using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>TL: the joint's rubber ring has come loose and hangs into the pipe.</summary>
public sealed class JointMaterialLoss : Defect
{
    private const int Points = 25;

    private readonly float _halfTurn;
    private readonly float _sag;
    private readonly float _thickness;
    private readonly float _skew;
    private readonly Vector3 _colour;

    public JointMaterialLoss(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _halfTurn = random.Between(0.12f, 0.17f) + 0.08f * Severity;
        _sag = 0.25f + 0.45f * Severity;
        _thickness = Radius * random.Between(0.024f, 0.036f);
        _skew = random.Between(-0.35f, 0.35f);
        _colour = random.Pick<Vector3>([new(0.03f, 0.03f, 0.035f), new(0.06f, 0.05f, 0.05f), new(0.1f, 0.06f, 0.04f)]);
    }

    public override void Draw(FrameCanvas canvas)
    {
        Span<Vector3> ring = stackalloc Vector3[Points];
        for (var i = 0; i < Points; i++)
        {
            var along = 2f * i / (Points - 1) - 1;
            var slack = 1 - along * along;
            var share = 0.985f - _sag * slack * slack * (1 + _skew * along);
            ring[i] = canvas.Geometry.Point(Turn + _halfTurn * along, Middle, share);
            ring[i].Z -= 0.2f * Radius * slack * _sag;
        }

        StrokePass.Draw(canvas, ring, _thickness, _thickness, _colour, 1, 0.4f);
        // The lamp's reflection on wet rubber.
        StrokePass.Draw(canvas, ring, _thickness * 0.22f, _thickness * 0.22f, new(0.5f, 0.5f, 0.5f), 0.6f, 0);
    }
}
