using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>What a painter may change of the wall: its colour and how light it is by its relief.</summary>
public struct WallSample
{
    public Vector3 Albedo;
    public float Relief;
}
