using System.Numerics;
using System.Runtime.CompilerServices;

namespace CloudPipe.PipeSim;

/// <summary>Draws the wall and the water: the only pass that touches every pixel with a texture.</summary>
public sealed class WallPass
{
    private const int Bins = 160;
    private const float BinRadii = 0.25f;

    private readonly float[] _nearestJoint = new float[Bins];
    private readonly ulong[] _stainsInBin = new ulong[Bins];
    private readonly ulong[] _paintersInBin = new ulong[Bins];
    private readonly List<Defect> _painters = [];
    private readonly List<Scum> _scum = [];
    private FrameCanvas _canvas = null!;
    private PipeScene _scene = null!;
    private float _texelsPerMetre;
    private float _textureU;
    private float _textureV;
    private float _inverseBin;

    public void Draw(FrameCanvas canvas, IReadOnlyList<Defect> defects)
    {
        Prepare(canvas, defects);
        var straight = canvas.Geometry.IsStraight(canvas.Origin.Z, canvas.Origin.Z + canvas.Farthest);
        for (var y = 0; y < canvas.Height; y++)
        {
            var rowTangent = canvas.RowTangent(y);
            if (straight)
            {
                TraceRow(rowTangent);
                for (var x = 0; x < canvas.Width; x++)
                {
                    Shade(x, y, rowTangent, new(canvas.RowDepths[x], canvas.RowTurns[x], SurfaceKind.Wall, 1));
                }
            }
            else
            {
                for (var x = 0; x < canvas.Width; x++)
                {
                    var ray = canvas.Ray(canvas.ColumnTangents[x], rowTangent);
                    Shade(x, y, rowTangent, canvas.Geometry.Trace(canvas.Origin, ray, canvas.Farthest));
                }
            }
        }
    }

    private void Prepare(FrameCanvas canvas, IReadOnlyList<Defect> defects)
    {
        _canvas = canvas;
        _scene = canvas.Scene;
        _texelsPerMetre = NoiseTexture.Size / (6.2831853f * _scene.Radius);
        var random = new HashRandom(HashRandom.Combine(_scene.Seed, 11));
        _textureU = random.Between(0, 256);
        _textureV = random.Between(0, 256);
        _painters.Clear();
        _scum.Clear();
        float near = canvas.Origin.Z, far = canvas.Origin.Z + Bins * BinRadii * _scene.Radius;
        foreach (var defect in defects)
        {
            if (defect.Start > far || defect.End < near) continue;
            if (defect.PaintsWall && _painters.Count < 64) _painters.Add(defect);
            if (defect is Scum scum) _scum.Add(scum);
        }

        var width = BinRadii * _scene.Radius;
        _inverseBin = 1 / width;
        var joints = canvas.Geometry.Joints;
        var joint = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            float low = near + bin * width, high = low + width, middle = low + width / 2;
            while (joint + 1 < joints.Count && MathF.Abs(joints[joint + 1] - middle) < MathF.Abs(joints[joint] - middle)) joint++;
            _nearestJoint[bin] = joints[joint];
            ulong stains = 0, painters = 0;
            for (var i = 0; i < _scene.Stains.Count && i < 64; i++)
            {
                var stain = _scene.Stains[i];
                if (stain.Metres - stain.HalfLength < high && stain.Metres + stain.HalfLength > low) stains |= 1UL << i;
            }

            for (var i = 0; i < _painters.Count; i++)
            {
                if (_painters[i].Start < high && _painters[i].End > low) painters |= 1UL << i;
            }

            _stainsInBin[bin] = stains;
            _paintersInBin[bin] = painters;
        }
    }

    private void TraceRow(float rowTangent)
    {
        var canvas = _canvas;
        var row = canvas.Forward + canvas.Down * rowTangent;
        var axis = canvas.Geometry.Axis(canvas.Origin.Z);
        float ox = canvas.Origin.X - axis.X, oy = canvas.Origin.Y - axis.Y;
        var c = new Vector<float>(_scene.Radius * _scene.Radius - ox * ox - oy * oy);
        for (var x = 0; x < canvas.Width; x += Vector<float>.Count)
        {
            var u = new Vector<float>(canvas.ColumnTangents, x);
            var dx = u * canvas.Right.X + new Vector<float>(row.X);
            var dy = u * canvas.Right.Y + new Vector<float>(row.Y);
            var a = dx * dx + dy * dy + new Vector<float>(1e-9f);
            var b = dx * ox + dy * oy;
            var depth = Vector.Min((Vector.SquareRoot(b * b + a * c) - b) / a, new Vector<float>(canvas.Farthest));
            depth.CopyTo(canvas.RowDepths, x);
            PortableMath.ClockTurns(new Vector<float>(ox) + depth * dx, new Vector<float>(oy) + depth * dy).CopyTo(canvas.RowTurns, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Shade(int x, int y, float rowTangent, SurfaceHit hit)
    {
        var canvas = _canvas;
        var pixel = y * canvas.Width + x;
        var columnTangent = canvas.ColumnTangents[x];
        var fall = canvas.Forward.Y + canvas.Right.Y * columnTangent + canvas.Down.Y * rowTangent;
        var waterDepth = fall > 1e-5f ? (canvas.WaterLevel - canvas.Origin.Y) / fall : float.MaxValue;
        if (waterDepth < hit.Depth)
        {
            canvas.Depth[pixel] = waterDepth;
            canvas.Colour[pixel] = Water(waterDepth, columnTangent, rowTangent);
            return;
        }

        canvas.Depth[pixel] = hit.Depth;
        var advance = canvas.Forward.Z + canvas.Right.Z * columnTangent + canvas.Down.Z * rowTangent;
        var ahead = hit.Depth * advance;
        canvas.Colour[pixel] = ahead >= canvas.Farthest * 0.98f
            ? Vector3.Zero
            : Wall(hit, canvas.Origin.Z + ahead, ahead, columnTangent, rowTangent);
    }

    private Vector3 Wall(SurfaceHit hit, float z, float ahead, float columnTangent, float rowTangent)
    {
        // Metres along the pipe under one pixel: a wall seen at a grazing angle is squeezed.
        var footprint = hit.Depth * (hit.Depth + _scene.Radius) / (_scene.Radius * _canvas.PixelsPerTangent);
        var texels = footprint * _texelsPerMetre;
        var fineDetail = 1 / (1 + texels * texels * 1.2f);
        var coarseDetail = 1 / (1 + texels * texels * 0.02f);
        float u = (hit.Turn + 0.5f) * NoiseTexture.Size, v = z * _texelsPerMetre;
        var coarse = NoiseTexture.Clouds.Sample(u + _textureU, v * 0.7f + _textureV) - 0.5f;
        var fine = NoiseTexture.Sand.Sample(u * 3 + _textureV, v * 3 + _textureU) - 0.5f;
        WallSample sample;
        sample.Albedo = _scene.WallColour * (1 + _scene.Roughness * (0.95f * coarse * coarseDetail + 0.95f * fine * fineDetail));
        sample.Relief = 1;

        if (hit.Kind == SurfaceKind.PipeEnd)
        {
            return sample.Albedo * (1.15f * _canvas.Light(hit.Depth, columnTangent, rowTangent, 0.85f));
        }

        if (hit.Kind == SurfaceKind.Soil)
        {
            var clods = NoiseTexture.Pebbles.Sample(u * 2 + _textureV, v * 2);
            return new Vector3(0.24f, 0.16f, 0.09f) * ((0.35f + 0.9f * clods) * _canvas.Light(hit.Depth, columnTangent, rowTangent, 0.25f));
        }

        var bin = Math.Clamp((int)(ahead * _inverseBin), 0, Bins - 1);
        Slime(hit.Turn, coarse, ref sample);
        Joint(MathF.Abs(z - _nearestJoint[bin]), footprint, ref sample);
        if ((_stainsInBin[bin] | _paintersInBin[bin]) != 0)
        {
            Paint(bin, new(hit.Turn, z, u + _textureU, v + _textureV, fineDetail), ref sample);
        }

        var facing = _scene.Radius / MathF.Sqrt(_scene.Radius * _scene.Radius + ahead * ahead) * hit.Facing;
        return sample.Albedo * (sample.Relief * _canvas.Light(hit.Depth, columnTangent, rowTangent, facing));
    }

    private void Slime(float turn, float coarse, ref WallSample sample)
    {
        // Height over the invert from the clock angle: 1 + cos, in radii; a parabola is near enough for a ragged edge.
        var low = (0.5f - MathF.Abs(turn)) * 6.2831853f;
        var height = 0.5f * low * low * (1 - low * low * (1f / 12)) + coarse * 0.25f;
        var amount = PortableMath.SmoothStep(_scene.SlimeHeight + 0.08f, _scene.SlimeHeight - 0.08f, height) * _scene.SlimeStrength;
        sample.Albedo = PortableMath.Mix(sample.Albedo, new(0.17f, 0.15f, 0.1f), amount);
    }

    private void Joint(float distance, float footprint, ref WallSample sample)
    {
        var half = 0.022f * _scene.Radius;
        if (distance > 4 * half + footprint) return;
        var soft = MathF.Max(half, footprint);
        var line = _scene.JointDarkness * (half / soft) * PortableMath.SmoothStep(1.6f * soft, 0.4f * soft, distance);
        var rim = 0.25f * (half / soft) * PortableMath.SmoothStep(3.5f * soft, 2 * soft, distance);
        sample.Albedo *= 1 + rim;
        sample.Albedo *= 1 - line;
    }

    private void Paint(int bin, in WallPoint point, ref WallSample sample)
    {
        for (var mask = _stainsInBin[bin]; mask != 0; mask &= mask - 1)
        {
            var stain = _scene.Stains[BitOperations.TrailingZeroCount(mask)];
            var across = PortableMath.TurnDifference(point.Turn, stain.Turn) / stain.HalfTurn;
            var along = (point.Z - stain.Metres) / stain.HalfLength;
            var distance = across * across + along * along;
            if (distance > 1) continue;
            var cloud = NoiseTexture.Clouds.Sample(point.U * 1.7f + stain.TextureOffset, point.V * 1.7f);
            var amount = PortableMath.SmoothStep(0.1f, 0.5f, (1 - distance) * (0.3f + cloud)) * stain.Strength;
            sample.Albedo = PortableMath.Mix(sample.Albedo, stain.Tint, amount);
        }

        for (var mask = _paintersInBin[bin]; mask != 0; mask &= mask - 1)
        {
            _painters[BitOperations.TrailingZeroCount(mask)].Paint(point, ref sample);
        }
    }

    private Vector3 Water(float depth, float columnTangent, float rowTangent)
    {
        var direction = _canvas.Ray(columnTangent, rowTangent);
        var x = _canvas.Origin.X + direction.X * depth;
        var z = _canvas.Origin.Z + direction.Z * depth;
        var flow = (float)_canvas.Seconds * _scene.WaterSpeed;
        var texels = depth * depth / (_scene.Radius * _canvas.PixelsPerTangent) * _texelsPerMetre;
        var detail = 1 / (1 + texels * texels * 0.06f);
        var ripple = NoiseTexture.Clouds.Sample(x * _texelsPerMetre * 2.2f + _textureU, (z + flow) * _texelsPerMetre * 0.8f)
            + 0.6f * NoiseTexture.Clouds.Sample(x * _texelsPerMetre * 4.1f, (z + 1.4f * flow) * _texelsPerMetre * 1.5f + _textureV) - 0.8f;
        ripple *= detail;
        var light = _canvas.Light(depth, columnTangent, rowTangent, 0.45f);
        foreach (var scum in _scum)
        {
            if (scum.Cover(x, z, flow, _texelsPerMetre, detail, out var foam)) return foam * (light * 1.5f);
        }

        // The flatter the look, the more of the far wall is mirrored.
        var mirror = PortableMath.Clamp01(0.12f + 0.07f * depth / _scene.Radius + 0.5f * ripple);
        var reflected = _scene.WallColour * (0.8f * _canvas.Light(depth * 1.6f, columnTangent, rowTangent, 0.5f));
        var glint = PortableMath.SmoothStep(0.28f, 0.5f, ripple) * 0.35f;
        return PortableMath.Mix(_scene.WaterColour * light * (1 + ripple), reflected, mirror) + new Vector3(glint * light);
    }
}
