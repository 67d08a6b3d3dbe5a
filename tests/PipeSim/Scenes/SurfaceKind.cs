namespace CloudPipe.PipeSim;

public enum SurfaceKind : byte
{
    Wall,
    PipeEnd,
    Soil,
}
