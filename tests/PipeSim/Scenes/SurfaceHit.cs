namespace CloudPipe.PipeSim;

/// <summary>Where a ray meets the pipe: depth along the optical axis, clock angle, what is there, how it leans to the light.</summary>
public readonly record struct SurfaceHit(float Depth, float Turn, SurfaceKind Kind, float Facing);
