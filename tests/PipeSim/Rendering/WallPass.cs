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
    private float _metresPerTexel;
    private float _inverseBin;
    private float _jointHalf;
    private float _roughness;
    private float _slimeHeight;
    private float _slimeStrength;
    private Vector3 _wallColour;

    // One row of pixels, padded to whole vectors.
    private float[] _ahead = [];
    private float[] _light = [];
    private float[] _leans = [];
    private float[] _texels = [];
    private float[] _fineDetail = [];
    private float[] _coarseDetail = [];
    private SurfaceKind[] _kinds = [];

    public void Draw(FrameCanvas canvas, IReadOnlyList<Defect> defects)
    {
        Prepare(canvas, defects);
        var straightUntil = canvas.Geometry.StraightUntil(canvas.Origin.Z) - canvas.Origin.Z;
        for (var y = 0; y < canvas.Height; y++)
        {
            var rowTangent = canvas.RowTangent(y);
            TraceRow(rowTangent);
            if (straightUntil < canvas.Farthest) Retrace(rowTangent, straightUntil);
            LightRow(rowTangent);
            for (var x = 0; x < canvas.Width; x++) Shade(x, y, rowTangent);
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
        _metresPerTexel = 1 / _texelsPerMetre;
        _jointHalf = 0.022f * _scene.Radius;
        _roughness = 0.95f * _scene.Roughness;
        _slimeHeight = _scene.SlimeHeight;
        _slimeStrength = _scene.SlimeStrength;
        _wallColour = _scene.WallColour;
        var padded = canvas.Width + Vector<float>.Count;
        if (_ahead.Length < padded)
        {
            (_ahead, _light, _leans, _texels) = (new float[padded], new float[padded], new float[padded], new float[padded]);
            (_fineDetail, _coarseDetail, _kinds) = (new float[padded], new float[padded], new SurfaceKind[padded]);
        }

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
        Array.Fill(_leans, 1);
        Array.Clear(_kinds);
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

    // The pixels whose ray leaves the plain cylinder are followed one by one.
    private void Retrace(float rowTangent, float straightUntil)
    {
        var canvas = _canvas;
        var beside = 0f;
        for (var x = 0; x < canvas.Width; x++)
        {
            var ray = canvas.Ray(canvas.ColumnTangents[x], rowTangent);
            if (canvas.RowDepths[x] * ray.Z < straightUntil)
            {
                beside = 0;
                continue;
            }

            var hit = canvas.Geometry.Trace(canvas.Origin, ray, canvas.Farthest, beside);
            beside = hit.Kind == SurfaceKind.Wall ? hit.Depth : 0;
            canvas.RowDepths[x] = hit.Depth;
            canvas.RowTurns[x] = hit.Turn;
            _kinds[x] = hit.Kind;
            _leans[x] = hit.Facing;
        }
    }

    // The same light as FrameCanvas.Light, for a row of wall.
    private void LightRow(float rowTangent)
    {
        var canvas = _canvas;
        var row = canvas.Forward + canvas.Down * rowTangent;
        var one = Vector<float>.One;
        var radius2 = new Vector<float>(_scene.Radius * _scene.Radius);
        var v = rowTangent - _scene.LampCentre.Y;
        for (var x = 0; x < canvas.Width; x += Vector<float>.Count)
        {
            var column = new Vector<float>(canvas.ColumnTangents, x);
            var depth = new Vector<float>(canvas.RowDepths, x);
            var ahead = depth * (column * canvas.Right.Z + new Vector<float>(row.Z));
            ahead.CopyTo(_ahead, x);
            var u = column - new Vector<float>(_scene.LampCentre.X);
            var spread = u * u + new Vector<float>(v * v);
            var reach = depth * (1 / (_scene.LampRange * _scene.Radius));
            var beam = new Vector<float>(_scene.LampGain)
                / ((one + spread * _scene.LampNarrowness) * (one + reach * reach * (one + spread)));
            // The dark of the far pipe deepens evenly to where drawing ends.
            var far = ahead * (1 / canvas.Farthest);
            beam *= Vector.Max(Vector<float>.Zero, one - far * far);
            var facing = new Vector<float>(_scene.Radius) / Vector.SquareRoot(radius2 + ahead * ahead) * new Vector<float>(_leans, x);
            (beam * (new Vector<float>(0.16f) + facing * 0.84f)).CopyTo(_light, x);
            // Metres along the pipe under one pixel: a wall seen at a grazing angle is squeezed.
            var texels = depth * (depth + new Vector<float>(_scene.Radius)) * (_texelsPerMetre / (_scene.Radius * canvas.PixelsPerTangent));
            texels.CopyTo(_texels, x);
            (one / (one + texels * texels * 1.2f)).CopyTo(_fineDetail, x);
            (one / (one + texels * texels * 0.02f)).CopyTo(_coarseDetail, x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Shade(int x, int y, float rowTangent)
    {
        var canvas = _canvas;
        var pixel = y * canvas.Width + x;
        var columnTangent = canvas.ColumnTangents[x];
        var depth = canvas.RowDepths[x];
        var fall = canvas.Forward.Y + canvas.Right.Y * columnTangent + canvas.Down.Y * rowTangent;
        // Below the water's surface at the wall's depth: the ray has met the water before.
        if (canvas.Origin.Y + fall * depth > canvas.WaterLevel && fall > 1e-5f)
        {
            var waterDepth = (canvas.WaterLevel - canvas.Origin.Y) / fall;
            canvas.Depth[pixel] = waterDepth;
            canvas.Colour[pixel] = Water(waterDepth, columnTangent, rowTangent);
            return;
        }

        canvas.Depth[pixel] = depth;
        canvas.Colour[pixel] = _ahead[x] >= canvas.Farthest * 0.98f ? Vector3.Zero : Wall(x, columnTangent, rowTangent);
    }

    private Vector3 Wall(int x, float columnTangent, float rowTangent)
    {
        float turn = _canvas.RowTurns[x], ahead = _ahead[x], z = _canvas.Origin.Z + ahead;
        float u = (turn + 0.5f) * NoiseTexture.Size, v = z * _texelsPerMetre;
        var coarse = NoiseTexture.Clouds.Sample(u + _textureU, v * 0.7f + _textureV) - 0.5f;
        var fineDetail = _fineDetail[x];
        var fine = fineDetail < 0.02f ? 0 : NoiseTexture.Sand.Sample(u * 3 + _textureV, v * 3 + _textureU) - 0.5f;
        WallSample sample;
        sample.Albedo = _wallColour * (1 + _roughness * (coarse * _coarseDetail[x] + fine * fineDetail));
        sample.Relief = 1;
        if (_kinds[x] != SurfaceKind.Wall)
        {
            var depth = _canvas.RowDepths[x];
            if (_kinds[x] == SurfaceKind.PipeEnd) return sample.Albedo * (1.15f * _canvas.Light(depth, columnTangent, rowTangent, 0.85f));
            var clods = NoiseTexture.Pebbles.Sample(u * 2 + _textureV, v * 2);
            return new Vector3(0.24f, 0.16f, 0.09f) * ((0.35f + 0.9f * clods) * _canvas.Light(depth, columnTangent, rowTangent, 0.25f));
        }

        var bin = Math.Clamp((int)(ahead * _inverseBin), 0, Bins - 1);
        Slime(turn, coarse, ref sample);
        Joint(MathF.Abs(z - _nearestJoint[bin]), _texels[x], ref sample);
        if ((_stainsInBin[bin] | _paintersInBin[bin]) != 0)
        {
            Paint(bin, new(turn, z, u + _textureU, v + _textureV, fineDetail), ref sample);
        }

        return sample.Albedo * (sample.Relief * _light[x]);
    }

    private void Slime(float turn, float coarse, ref WallSample sample)
    {
        // Height over the invert from the clock angle: 1 + cos, in radii; a parabola is near enough for a ragged edge.
        var low = (0.5f - MathF.Abs(turn)) * 6.2831853f;
        var height = 0.5f * low * low * (1 - low * low * (1f / 12)) + coarse * 0.25f;
        var inside = PortableMath.Clamp01((_slimeHeight + 0.08f - height) * 6.25f);
        if (inside <= 0) return;
        var amount = inside * inside * (3 - 2 * inside) * _slimeStrength;
        sample.Albedo = PortableMath.Mix(sample.Albedo, new(0.17f, 0.15f, 0.1f), amount);
    }

    private void Joint(float distance, float texels, ref WallSample sample)
    {
        var half = _jointHalf;
        var footprint = texels * _metresPerTexel;
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
