using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>Draws round strands (roots, cracks, rings, jets) as thick lines whose edges are smooth, with depth.</summary>
public static class StrokePass
{
    /// <param name="canvas">Where to draw.</param>
    /// <param name="points">The strand's line, in the pipe's coordinates.</param>
    /// <param name="startRadius">Half the thickness at the first point, in metres.</param>
    /// <param name="endRadius">Half the thickness at the last point.</param>
    /// <param name="albedo">Colour.</param>
    /// <param name="opacity">0..1.</param>
    /// <param name="roundness">How much darker the sides are than the middle, 0..1.</param>
    public static void Draw(FrameCanvas canvas, ReadOnlySpan<Vector3> points, float startRadius, float endRadius, Vector3 albedo, float opacity = 1, float roundness = 0.6f)
    {
        for (var i = 1; i < points.Length; i++)
        {
            var from = PortableMath.Mix(startRadius, endRadius, (i - 1f) / (points.Length - 1));
            var to = PortableMath.Mix(startRadius, endRadius, (float)i / (points.Length - 1));
            Segment(canvas, points[i - 1], points[i], from, to, albedo, opacity, roundness);
        }
    }

    private static void Segment(FrameCanvas canvas, Vector3 from, Vector3 to, float fromRadius, float toRadius, Vector3 albedo, float opacity, float roundness)
    {
        var nearest = 0.25f * canvas.Scene.Radius;
        Vector3 a = canvas.Project(from), b = canvas.Project(to);
        if (a.Z < nearest || b.Z < nearest || a.Z > canvas.Farthest) return;
        float aHalf = fromRadius * canvas.PixelsPerTangent / a.Z, bHalf = toRadius * canvas.PixelsPerTangent / b.Z;
        var widest = MathF.Max(aHalf, bHalf) + 1;
        var left = (int)MathF.Max(0, MathF.Min(a.X, b.X) - widest);
        var right = (int)MathF.Min(canvas.Width - 1, MathF.Max(a.X, b.X) + widest + 1);
        var top = (int)MathF.Max(0, MathF.Min(a.Y, b.Y) - widest);
        var bottom = (int)MathF.Min(canvas.Height - 1, MathF.Max(a.Y, b.Y) + widest + 1);
        if (left > right || top > bottom) return;

        float dx = b.X - a.X, dy = b.Y - a.Y;
        var inverse = 1 / MathF.Max(1e-6f, dx * dx + dy * dy);
        var lit = albedo * canvas.Light((a + b) * 0.5f, 0.75f);
        var bias = 0.03f * canvas.Scene.Radius;
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
            {
                var along = PortableMath.Clamp01(((x - a.X) * dx + (y - a.Y) * dy) * inverse);
                float ex = x - a.X - along * dx, ey = y - a.Y - along * dy;
                var half = aHalf + (bHalf - aHalf) * along;
                var distance = MathF.Sqrt(ex * ex + ey * ey);
                var drawn = MathF.Max(half, 0.5f);
                var coverage = PortableMath.Clamp01(drawn + 0.5f - distance) * MathF.Min(1, half / drawn) * opacity;
                if (coverage <= 0) continue;
                var depth = a.Z + (b.Z - a.Z) * along;
                var pixel = y * canvas.Width + x;
                if (depth > canvas.Depth[pixel] + bias) continue;
                var side = PortableMath.Clamp01(distance / drawn);
                canvas.Colour[pixel] = PortableMath.Mix(canvas.Colour[pixel], lit * (1.1f - roundness * side * side), coverage);
                if (coverage > 0.6f) canvas.Depth[pixel] = MathF.Min(canvas.Depth[pixel], depth);
            }
    }
}
