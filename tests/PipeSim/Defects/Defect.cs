using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>A defect as a shape in the pipe. It may bend the pipe, paint its wall, or stand in it as a body.</summary>
public abstract class Defect(PipeEvent pipeEvent, PipeScene scene)
{
    public PipeEvent Event { get; } = pipeEvent;

    /// <summary>Nearest point along the pipe, in metres.</summary>
    public float Start => Event.StartMetres;

    public float End => Event.EndMetres;

    public virtual bool PaintsWall => false;

    protected PipeScene Scene { get; } = scene;

    protected float Radius => Scene.Radius;

    protected float Severity => Event.Severity;

    /// <summary>Clock angle in turns.</summary>
    protected float Turn { get; } = PortableMath.TurnDifference(pipeEvent.ClockPosition / 12, 0);

    protected float Middle => Event.MiddleMetres;

    protected float HalfLength => (Event.EndMetres - Event.StartMetres) / 2;

    /// <summary>Displacement of the pipe's axis, in metres.</summary>
    public virtual Vector2 AxisOffset(float z) => Vector2.Zero;

    /// <summary>Change of the radius, as a factor.</summary>
    public virtual float RadiusFactor(float turn, float z) => 1;

    public virtual void Paint(in WallPoint point, ref WallSample sample)
    {
    }

    public virtual void Draw(FrameCanvas canvas)
    {
    }

    public static Defect Create(PipeEvent e, PipeScene scene) => e.ClassIndex switch
    {
        DefectClass.Deposit => new Deposit(e, scene),
        DefectClass.JointOffset => new JointOffset(e, scene),
        DefectClass.Obstacle => new Obstacle(e, scene),
        DefectClass.Encrustation => new Encrustation(e, scene),
        DefectClass.Roots => new Roots(e, scene),
        DefectClass.Fracture => new Fracture(e, scene),
        DefectClass.Deformation => new Deformation(e, scene),
        DefectClass.ForeignIntrusion => new ForeignIntrusion(e, scene),
        DefectClass.Scum => new Scum(e, scene),
        DefectClass.Corrosion => new Corrosion(e, scene),
        DefectClass.ConcealedLateral => new ConcealedLateral(e, scene),
        DefectClass.ResidualWall => new ResidualWall(e, scene),
        DefectClass.Leakage => new Leakage(e, scene, moves: true),
        DefectClass.Undulation => new Undulation(e, scene),
        DefectClass.DisjointedPipe => new DisjointedPipe(e, scene),
        DefectClass.JointMaterialLoss => new JointMaterialLoss(e, scene),
        _ => throw new ArgumentOutOfRangeException(nameof(e), e.ClassIndex, "Not a class with something to draw; 1..16 are."),
    };
}
