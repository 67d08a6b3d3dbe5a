using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>A body in the pipe. Implemented by structs, so that the marching loop is compiled for each shape.</summary>
public interface ISolid
{
    /// <summary>The box that holds the body, in the pipe's coordinates.</summary>
    (Vector3 Low, Vector3 High) Bounds { get; }

    /// <summary>How far a ray may go at once, as a share of the distance that <see cref="Inside"/> tells.</summary>
    float StepShare { get; }

    /// <summary>The most steps through the box; the thinner the body, the more.</summary>
    int Steps { get; }

    /// <summary>Positive inside, negative outside, near to the distance from the surface in metres.</summary>
    float Inside(Vector3 point);

    Vector3 Albedo(Vector3 point);
}
