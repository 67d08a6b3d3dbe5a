namespace CloudPipe.PipeSim;

/// <summary>BX: the section is squeezed to an oval.</summary>
public sealed class Deformation(PipeEvent e, PipeScene scene) : Defect(e, scene)
{
    public float Ovality { get; } = 0.17f + 0.19f * e.Severity;

    public override float RadiusFactor(float turn, float z)
    {
        var along = (z - Middle) / HalfLength;
        if (along is <= -1 or >= 1) return 1;
        var profile = 1 - along * along;
        return 1 - Ovality * profile * profile * PortableMath.CosTurns(2 * (turn - Turn));
    }
}
