using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>CK: the next pipe is displaced at the joint; its rim shows as a bright crescent. It returns by its far end.</summary>
public sealed class JointOffset : Defect
{
    private readonly Vector2 _offset;

    public JointOffset(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        Joint = Middle;
        PipeEnd = Joint + 10 * Radius;
        _offset = new Vector2(PortableMath.SinTurns(Turn), -PortableMath.CosTurns(Turn)) * (Radius * (0.1f + 0.17f * Severity));
    }

    public float Joint { get; }

    public float PipeEnd { get; }

    public override bool PaintsWall => true;

    public Vector2 Shift(float z) => z <= Joint || z >= PipeEnd ? Vector2.Zero : _offset * ((PipeEnd - z) / (PipeEnd - Joint));

    // The other side of the displaced pipe lies in the shadow of this pipe's end.
    public override void Paint(in WallPoint point, ref WallSample sample)
    {
        var behind = (point.Z - Joint) / (0.2f * Radius);
        if (behind is < 0 or > 1) return;
        var away = PortableMath.Clamp01(PortableMath.CosTurns(point.Turn - Turn));
        sample.Relief *= 1 - 0.85f * away * (1 - behind) * (0.5f + 0.5f * Severity);
    }
}
