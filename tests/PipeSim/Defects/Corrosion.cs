using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>FS: the wall is eaten away: rough, stained, its aggregate bare.</summary>
public sealed class Corrosion : Defect
{
    private readonly float _halfTurn;
    private readonly float _texture;
    private readonly Vector3 _rust;

    public Corrosion(PipeEvent e, PipeScene scene)
        : base(e, scene)
    {
        var random = new HashRandom(e.Seed);
        _halfTurn = 0.2f + 0.2f * Severity;
        _texture = random.Between(0, 256);
        _rust = random.Pick<Vector3>([new(0.42f, 0.2f, 0.08f), new(0.36f, 0.26f, 0.12f), new(0.3f, 0.17f, 0.1f)]);
    }

    public override bool PaintsWall => true;

    public override void Paint(in WallPoint point, ref WallSample sample)
    {
        var across = PortableMath.TurnDifference(point.Turn, Turn) / _halfTurn;
        var along = (point.Z - Middle) / HalfLength;
        var distance = across * across * across * across + along * along * along * along;
        if (distance > 1) return;
        var cloud = NoiseTexture.Clouds.Sample(point.U * 2 + _texture, point.V * 2);
        var amount = PortableMath.SmoothStep(0.05f, 0.3f, (1 - distance) * 0.75f + 1.1f * (cloud - 0.55f)) * (0.65f + 0.35f * Severity);
        var stones = NoiseTexture.Pebbles.Sample(point.U * 7, point.V * 4.5f + _texture) * point.Detail + 0.45f * (1 - point.Detail);
        var pits = NoiseTexture.Sand.Sample(point.U * 2 + _texture, point.V * 1.1f);
        var eaten = PortableMath.Mix(_rust, new(0.55f, 0.5f, 0.42f), PortableMath.SmoothStep(0.5f, 0.9f, stones) * 0.8f);
        sample.Albedo = PortableMath.Mix(sample.Albedo, eaten * (0.5f + 0.5f * stones + 0.5f * pits), amount);
        sample.Relief *= 1 - amount * 0.65f * PortableMath.SmoothStep(0.55f, 0.25f, pits);
    }
}
