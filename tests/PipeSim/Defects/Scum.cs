using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>FZ: foam and grease afloat on the water.</summary>
public sealed class Scum : Defect
{
    private readonly float _texture;
    private readonly float _threshold;
    private readonly Vector3 _colour;

    public Scum(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _texture = random.Between(0, 256);
        _threshold = 0.62f - 0.32f * Severity;
        _colour = random.Pick<Vector3>([new(0.72f, 0.66f, 0.52f), new(0.8f, 0.78f, 0.72f), new(0.55f, 0.45f, 0.3f)]);
    }

    /// <summary>Foam lies on the water at this place.</summary>
    public bool Cover(float x, float z, float flow, float texels, float detail, out Vector3 foam)
    {
        var along = (z - Middle) / HalfLength;
        if (along is <= -1 or >= 1)
        {
            foam = default;
            return false;
        }

        // Patches keep their place behind an obstacle, their outline and bubbles drift a little.
        float u = x * texels * 1.1f + _texture, v = (z + 0.15f * flow) * texels * 0.8f;
        var patch = NoiseTexture.Clouds.Sample(u, v) - 0.35f * along * along * along * along;
        if (patch < _threshold)
        {
            foam = default;
            return false;
        }

        var bubbles = NoiseTexture.Pebbles.Sample(u * 9, v * 9 + _texture) * detail + 0.5f * (1 - detail);
        var thick = PortableMath.SmoothStep(_threshold, _threshold + 0.12f, patch);
        foam = _colour * ((0.7f + 0.45f * bubbles) * (0.55f + 0.45f * thick));
        return true;
    }
}
