namespace CloudPipe.PipeSim;

/// <summary>TJ: the joint stands wide open; the soil shows in the gap.</summary>
public sealed class DisjointedPipe(PipeEvent e, PipeScene scene) : Defect(e, scene)
{
    /// <summary>The soil lies back this far, in pipe radii.</summary>
    public const float SoilRadius = 1.14f;

    public float Joint { get; } = e.MiddleMetres;

    public float FarEdge { get; } = e.MiddleMetres + scene.Radius * (0.16f + 0.3f * e.Severity);
}
