using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>
/// Where the camera is at each moment. A crawler drives down the pipe, slows down and stops; a quick-view camera on a
/// pole stays in the manhole and zooms in. Positions are tabulated in steps of 50 ms and interpolated, so that any
/// moment can be asked for in any order.
/// </summary>
public sealed class CameraPath
{
    private const double StepSeconds = 0.05;

    private readonly float[] _metres;
    private readonly float[] _focal;
    private readonly float _swayPeriod;
    private readonly float _swayAmount;
    private readonly float _swayPhase;
    private readonly Vector3 _aim;
    private readonly Vector2 _seat;

    public CameraPath(ref HashRandom random, float radius, double durationSeconds)
    {
        QuickView = random.Chance(0.3f);
        _swayPeriod = random.Between(2.5f, 7f);
        _swayAmount = random.Between(0.2f, 1f) * (QuickView ? 0.4f : 1f);
        _swayPhase = random.NextSingle();
        _aim = new(random.Between(-0.09f, 0.09f), random.Between(-0.07f, 0.09f), random.Between(-0.012f, 0.012f));
        _seat = new Vector2(random.Between(-0.12f, 0.12f), random.Between(-0.1f, 0.16f)) * radius;

        var count = (int)(durationSeconds / StepSeconds) + 3;
        _metres = new float[count];
        _focal = new float[count];
        var baseFocal = random.Between(0.85f, 1.15f);
        if (QuickView) Zoom(ref random, baseFocal, radius, durationSeconds);
        else Drive(ref random, baseFocal, radius);
    }

    public bool QuickView { get; }

    /// <summary>Distance travelled along the pipe.</summary>
    public float Metres(double seconds) => Interpolate(_metres, seconds);

    /// <summary>Focal length in half picture heights: 1 is a vertical field of view of 90 degrees.</summary>
    public float Focal(double seconds) => Interpolate(_focal, seconds);

    /// <summary>Yaw, pitch and roll, in radians (small).</summary>
    public Vector3 Aim(double seconds)
    {
        var zoom = 1 / Focal(seconds);
        var phase = (float)(seconds / _swayPeriod) + _swayPhase;
        return new(
            (_aim.X + 0.035f * _swayAmount * PortableMath.SinTurns(phase)) * zoom,
            (_aim.Y + 0.028f * _swayAmount * PortableMath.SinTurns(phase * 1.37f + 0.3f)) * zoom,
            _aim.Z + 0.02f * _swayAmount * PortableMath.SinTurns(phase * 0.73f + 0.6f));
    }

    /// <summary>The lens's place in the cross-section, in metres from the pipe's axis (x to the right, y down).</summary>
    public Vector2 Seat(double seconds, float radius)
    {
        var phase = (float)(seconds / _swayPeriod) + _swayPhase;
        return _seat + 0.035f * radius * _swayAmount * new Vector2(PortableMath.SinTurns(phase * 1.11f), PortableMath.SinTurns(phase * 1.93f));
    }

    private void Drive(ref HashRandom random, float focal, float radius)
    {
        var cruise = radius * random.Between(0.35f, 0.85f);
        float target = cruise, speed = cruise * random.NextSingle();
        var left = random.Between(2f, 5f);
        for (var i = 1; i < _metres.Length; i++)
        {
            left -= (float)StepSeconds;
            if (left <= 0)
            {
                target = cruise * random.Pick<float>([0f, 0.5f, 1f, 1f, 1.2f]);
                left = random.Between(1.2f, 4f);
            }

            speed += (target - speed) * 0.12f;
            _metres[i] = _metres[i - 1] + speed * (float)StepSeconds;
        }

        Array.Fill(_focal, focal);
    }

    private void Zoom(ref HashRandom random, float focal, float radius, double durationSeconds)
    {
        var creep = radius * random.Between(0, 0.06f);
        var longest = random.Between(2.5f, 4.5f) * focal;
        var start = random.Between(0.05f, 0.3f) * (float)durationSeconds;
        var end = random.Between(0.6f, 0.9f) * (float)durationSeconds;
        for (var i = 0; i < _metres.Length; i++)
        {
            var seconds = i * (float)StepSeconds;
            _metres[i] = creep * seconds;
            // The reciprocal changes evenly: distances come nearer at an even pace, as on a motor zoom.
            var amount = PortableMath.SmoothStep(start, end, seconds);
            _focal[i] = 1 / PortableMath.Mix(1 / focal, 1 / longest, amount);
        }
    }

    private static float Interpolate(float[] table, double seconds)
    {
        var position = Math.Clamp(seconds / StepSeconds, 0, table.Length - 1.001);
        var index = (int)position;
        return table[index] + (table[index + 1] - table[index]) * (float)(position - index);
    }
}
