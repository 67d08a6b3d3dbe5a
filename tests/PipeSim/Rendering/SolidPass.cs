using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>Draws bodies by marching each pixel's ray through the body's box.</summary>
public static class SolidPass
{
    public static void Draw<T>(FrameCanvas canvas, in T solid)
        where T : struct, ISolid
    {
        var (low, high) = solid.Bounds;
        var nearest = 0.12f * canvas.Scene.Radius;
        if (high.Z < canvas.Origin.Z + nearest || low.Z > canvas.Origin.Z + canvas.Farthest) return;
        if (!ScreenBounds(canvas, low, high, nearest, out var left, out var top, out var right, out var bottom)) return;

        for (var y = top; y <= bottom; y++)
        {
            var rowTangent = canvas.RowTangent(y);
            for (var x = left; x <= right; x++)
            {
                var columnTangent = canvas.ColumnTangents[x];
                var direction = canvas.Ray(columnTangent, rowTangent);
                float enter = nearest, leave = canvas.Depth[y * canvas.Width + x];
                Clip(low.X, high.X, canvas.Origin.X, direction.X, ref enter, ref leave);
                Clip(low.Y, high.Y, canvas.Origin.Y, direction.Y, ref enter, ref leave);
                Clip(low.Z, high.Z, canvas.Origin.Z, direction.Z, ref enter, ref leave);
                if (enter >= leave || !March(canvas.Origin, direction, solid, enter, leave, out var depth)) continue;
                Shade(canvas, solid, direction, depth, columnTangent, rowTangent, y * canvas.Width + x);
            }
        }
    }

    private static bool March<T>(Vector3 origin, Vector3 direction, in T solid, float enter, float leave, out float depth)
        where T : struct, ISolid
    {
        var length = PortableMath.Length(direction);
        var share = solid.StepShare / length;
        var shortest = (leave - enter) / solid.Steps;
        float before = enter, at = enter, outside = 0;
        for (var step = 0; step <= solid.Steps; step++)
        {
            var inside = solid.Inside(origin + direction * at);
            if (inside > 0)
            {
                for (var round = 0; round < 3 && step > 0; round++)
                {
                    // Where a straight line between the two crosses the surface, kept off the ends.
                    var middle = before + (at - before) * Math.Clamp(outside / (outside - inside), 0.1f, 0.9f);
                    var there = solid.Inside(origin + direction * middle);
                    if (there > 0) (at, inside) = (middle, there);
                    else (before, outside) = (middle, there);
                }

                depth = at;
                return true;
            }

            if (at >= leave) break;
            (before, outside) = (at, inside);
            at = MathF.Min(leave, at + MathF.Max(shortest, -inside * share));
        }

        depth = 0;
        return false;
    }

    private static void Shade<T>(FrameCanvas canvas, in T solid, Vector3 direction, float depth, float columnTangent, float rowTangent, int pixel)
        where T : struct, ISolid
    {
        var point = canvas.Origin + direction * depth;
        var step = 0.015f * canvas.Scene.Radius;
        var here = solid.Inside(point);
        var normal = FrameCanvas.Normalise(new(
            here - solid.Inside(point + new Vector3(step, 0, 0)),
            here - solid.Inside(point + new Vector3(0, step, 0)),
            here - solid.Inside(point + new Vector3(0, 0, step))));
        var facing = Math.Clamp(-PortableMath.Dot(normal, FrameCanvas.Normalise(direction)), 0, 1);
        // Light that the walls throw back comes from above as much as from the lamp.
        var light = canvas.Light(depth, columnTangent, rowTangent, 0.12f + 0.8f * facing + 0.08f * MathF.Max(0, -normal.Y));
        canvas.Colour[pixel] = solid.Albedo(point) * light;
        canvas.Depth[pixel] = depth;
    }

    private static void Clip(float low, float high, float origin, float direction, ref float enter, ref float leave)
    {
        var inverse = 1 / (MathF.Abs(direction) < 1e-7f ? 1e-7f : direction);
        float a = (low - origin) * inverse, b = (high - origin) * inverse;
        enter = MathF.Max(enter, MathF.Min(a, b));
        leave = MathF.Min(leave, MathF.Max(a, b));
    }

    private static bool ScreenBounds(FrameCanvas canvas, Vector3 low, Vector3 high, float nearest, out int left, out int top, out int right, out int bottom)
    {
        (left, top, right, bottom) = (0, 0, canvas.Width - 1, canvas.Height - 1);
        if (low.Z < canvas.Origin.Z + nearest) return true;
        Vector3 least = new(float.MaxValue), most = new(float.MinValue);
        for (var corner = 0; corner < 8; corner++)
        {
            var projected = canvas.Project(new((corner & 1) == 0 ? low.X : high.X, (corner & 2) == 0 ? low.Y : high.Y, (corner & 4) == 0 ? low.Z : high.Z));
            if (projected.Z < 0.3f * nearest) return true;
            least = Vector3.Min(least, projected);
            most = Vector3.Max(most, projected);
        }

        left = (int)MathF.Max(left, least.X - 1);
        top = (int)MathF.Max(top, least.Y - 1);
        right = (int)MathF.Min(right, most.X + 2);
        bottom = (int)MathF.Min(bottom, most.Y + 2);
        return left <= right && top <= bottom;
    }
}
