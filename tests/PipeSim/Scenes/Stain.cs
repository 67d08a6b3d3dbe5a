using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>A harmless discoloured patch of the wall: damp, lime wash, a grease mark.</summary>
public sealed record Stain(float Turn, float Metres, float HalfTurn, float HalfLength, Vector3 Tint, float Strength, float TextureOffset);
