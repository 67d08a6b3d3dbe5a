using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>QF: the pipe sags; water stands in the dip and the pipe beyond comes up again.</summary>
public sealed class Undulation(PipeEvent e, PipeScene scene) : Defect(e, scene)
{
    private readonly float _sag = scene.Radius * (0.3f + 0.35f * e.Severity);

    public override Vector2 AxisOffset(float z)
    {
        var along = (z - Middle) / HalfLength;
        if (along is <= -1 or >= 1) return Vector2.Zero;
        var profile = 1 - along * along;
        return new(0, _sag * profile * profile);
    }
}
