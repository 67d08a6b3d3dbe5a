using System.Numerics;
using System.Runtime.CompilerServices;

namespace CloudPipe.PipeSim;

/// <summary>
/// The camera of one frame and what it has seen so far: linear light and depth per pixel. Reused from frame to frame
/// by one thread at a time.
/// </summary>
public sealed class FrameCanvas
{
    private float _scaleX;
    private float _scaleY;

    public PipeScene Scene { get; private set; } = null!;

    public PipeGeometry Geometry { get; private set; } = null!;

    public double Seconds { get; private set; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public float Focal { get; private set; }

    /// <summary>The lens in the pipe's coordinates, in metres.</summary>
    public Vector3 Origin { get; private set; }

    public Vector3 Right { get; private set; }

    public Vector3 Down { get; private set; }

    public Vector3 Forward { get; private set; }

    /// <summary>Height of the water's surface (y down), or a height below the pipe if it is dry.</summary>
    public float WaterLevel { get; private set; }

    /// <summary>Nothing farther than this is drawn.</summary>
    public float Farthest { get; private set; }

    /// <summary>Distance along the optical axis, in metres, of what each pixel shows.</summary>
    public float[] Depth { get; private set; } = [];

    /// <summary>Linear light per pixel.</summary>
    public Vector3[] Colour { get; private set; } = [];

    /// <summary>The colours before the shutter's blur.</summary>
    public Vector3[] Sharp { get; private set; } = [];

    /// <summary>Column of each pixel in tangent units, padded to whole vectors.</summary>
    public float[] ColumnTangents { get; private set; } = [];

    /// <summary>Clock angles of one row, padded to whole vectors.</summary>
    public float[] RowTurns { get; private set; } = [];

    /// <summary>Wall depths of one row, padded to whole vectors.</summary>
    public float[] RowDepths { get; private set; } = [];

    public void Begin(PipeScene scene, PipeGeometry geometry, double seconds, int width, int height, float aspect)
    {
        Scene = scene;
        Geometry = geometry;
        Seconds = seconds;
        Width = width;
        Height = height;
        var z = scene.Camera.Metres(seconds);
        var axis = geometry.Axis(z);
        var seat = scene.Camera.Seat(seconds, scene.Radius);
        Origin = new(axis.X + seat.X, axis.Y + seat.Y, z);
        Focal = scene.Camera.Focal(seconds);
        Farthest = 40 * scene.Radius;
        WaterLevel = scene.WaterDepth > 0 ? scene.Radius * (1 - scene.WaterDepth) : 10 * scene.Radius;

        var aim = scene.Camera.Aim(seconds);
        Forward = Normalise(new(aim.X, aim.Y, 1));
        var level = Normalise(new Vector3(Forward.Z, 0, -Forward.X));
        var plumb = Cross(Forward, level);
        Right = Normalise(level + plumb * aim.Z);
        Down = Cross(Forward, Right);

        _scaleX = width * Focal / (2 * aspect);
        _scaleY = height * Focal / 2;
        var pixels = width * height;
        if (Depth.Length < pixels)
        {
            Depth = new float[pixels];
            Colour = new Vector3[pixels];
            Sharp = new Vector3[pixels];
        }

        var padded = width + Vector<float>.Count;
        if (ColumnTangents.Length < padded)
        {
            ColumnTangents = new float[padded];
            RowTurns = new float[padded];
            RowDepths = new float[padded];
        }

        for (var x = 0; x < padded; x++) ColumnTangents[x] = (x + 0.5f - width * 0.5f) / _scaleX;
    }

    /// <summary>Pixels per unit of tangent, down the picture.</summary>
    public float PixelsPerTangent => _scaleY;

    public float RowTangent(int y) => (y + 0.5f - Height * 0.5f) / _scaleY;

    public Vector3 Ray(float columnTangent, float rowTangent) => Forward + Right * columnTangent + Down * rowTangent;

    /// <summary>Pixel column and row, and depth along the optical axis.</summary>
    public Vector3 Project(Vector3 point)
    {
        var offset = point - Origin;
        var depth = PortableMath.Dot(offset, Forward);
        var inverse = 1 / MathF.Max(depth, 1e-4f);
        return new(
            PortableMath.Dot(offset, Right) * inverse * _scaleX + Width * 0.5f - 0.5f,
            PortableMath.Dot(offset, Down) * inverse * _scaleY + Height * 0.5f - 0.5f,
            depth);
    }

    /// <summary>The lamp's light at a depth and direction, on a surface that faces it by 0..1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Light(float depth, float columnTangent, float rowTangent, float facing)
    {
        float u = columnTangent - Scene.LampCentre.X, v = rowTangent - Scene.LampCentre.Y;
        var spread = u * u + v * v;
        var reach = depth / (Scene.LampRange * Scene.Radius);
        return Scene.LampGain * (0.16f + 0.84f * facing) / ((1 + Scene.LampNarrowness * spread) * (1 + reach * reach * (1 + spread)));
    }

    /// <summary>The light at a point in the open, for objects.</summary>
    public float Light(Vector3 projected, float facing) =>
        Light(projected.Z, (projected.X + 0.5f - Width * 0.5f) / _scaleX, (projected.Y + 0.5f - Height * 0.5f) / _scaleY, facing);

    public static Vector3 Normalise(Vector3 a) => a * (1 / MathF.Max(1e-9f, PortableMath.Length(a)));

    public static Vector3 Cross(Vector3 a, Vector3 b) =>
        new(a.Y * b.Z - a.Z * b.Y, a.Z * b.X - a.X * b.Z, a.X * b.Y - a.Y * b.X);
}
