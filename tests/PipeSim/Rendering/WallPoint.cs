namespace CloudPipe.PipeSim;

/// <summary>A point of the wall under a pixel.</summary>
/// <param name="Turn">Clock angle in turns.</param>
/// <param name="Z">Metres along the pipe.</param>
/// <param name="U">Texture column: 256 around the circumference.</param>
/// <param name="V">Texture row, in the same scale.</param>
/// <param name="Detail">How much of fine detail the pixel can still resolve, 0..1.</param>
public readonly record struct WallPoint(float Turn, float Z, float U, float V, float Detail);
