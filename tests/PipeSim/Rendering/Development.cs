using System.Numerics;

namespace CloudPipe.PipeSim;

/// <summary>From light to bytes, as camera and recorder do it: shutter blur, colour cast, tone curve, sensor noise.</summary>
public static class Development
{
    private const int ToneSteps = 2048;
    private const float BrightestLight = 2f;

    private static readonly float[] Tone = MakeTone();

    public static void Develop(FrameCanvas canvas, Span<byte> rgb)
    {
        ShutterBlur(canvas);
        var scene = canvas.Scene;
        var cast = scene.ColourCast * (ToneSteps / BrightestLight);
        // Area averaging makes small pictures less noisy than large ones.
        var noise = scene.SensorNoise * MathF.Min(1.3f, canvas.Height / 240f + 0.15f);
        var frame = (uint)HashRandom.Combine(scene.Seed, (ulong)(long)(canvas.Seconds * 1000 + 0.5));
        var pixels = canvas.Width * canvas.Height;
        var colours = canvas.Colour;
        var tone = Tone;
        for (int i = 0, o = 0; i < pixels; i++, o += 3)
        {
            var hash = ((uint)i + frame) * 0x9E3779B1u;
            hash = (hash ^ (hash >> 15)) * 0x85EBCA77u;
            hash ^= hash >> 13;
            // Four bytes in a sum are close to a normal distribution (standard deviation 148).
            var bits = (int)((hash & 255) + ((hash >> 8) & 255) + ((hash >> 16) & 255) + (hash >> 24)) - 510;
            var grain = bits * (noise / 148f);
            var tint = ((int)(hash & 63) - 32) * (noise / 60f);
            var colour = colours[i] * cast;
            rgb[o] = Quantise(tone[(int)Math.Clamp(colour.X, 0, ToneSteps - 1)] + grain + tint);
            rgb[o + 1] = Quantise(tone[(int)Math.Clamp(colour.Y, 0, ToneSteps - 1)] + grain);
            rgb[o + 2] = Quantise(tone[(int)Math.Clamp(colour.Z, 0, ToneSteps - 1)] + grain - tint);
        }
    }

    private static byte Quantise(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);

    // While the shutter is open the picture streams outwards, the nearer the faster.
    private static void ShutterBlur(FrameCanvas canvas)
    {
        var camera = canvas.Scene.Camera;
        var shutter = canvas.Scene.ShutterSeconds;
        var travelled = camera.Metres(canvas.Seconds + shutter) - camera.Metres(canvas.Seconds);
        var turned = camera.Aim(canvas.Seconds + shutter) - camera.Aim(canvas.Seconds);
        float panX = turned.X * canvas.PixelsPerTangent, panY = turned.Y * canvas.PixelsPerTangent;
        var longest = travelled / canvas.Scene.Radius * canvas.Height + MathF.Abs(panX) + MathF.Abs(panY);
        if (longest < 0.5f) return;

        int width = canvas.Width, height = canvas.Height;
        Array.Copy(canvas.Colour, canvas.Sharp, width * height);
        float centreX = width * 0.5f, centreY = height * 0.5f;
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var pixel = y * width + x;
                var stream = travelled / canvas.Depth[pixel];
                float shiftX = (x - centreX) * stream + panX, shiftY = (y - centreY) * stream + panY;
                if (MathF.Abs(shiftX) + MathF.Abs(shiftY) < 0.6f) continue;
                var sum = canvas.Sharp[pixel];
                for (var tap = -1; tap <= 1; tap += 2)
                {
                    var column = Math.Clamp((int)(x + 0.5f + tap * 0.4f * shiftX), 0, width - 1);
                    var row = Math.Clamp((int)(y + 0.5f + tap * 0.4f * shiftY), 0, height - 1);
                    sum += canvas.Sharp[row * width + column];
                }

                canvas.Colour[pixel] = sum * (1f / 3);
            }
    }

    private static float[] MakeTone()
    {
        var tone = new float[ToneSteps];
        for (var i = 0; i < ToneSteps; i++)
        {
            var light = (i + 0.5f) * (BrightestLight / ToneSteps);
            // A gamma of 2 with a shoulder, over the black level of a small camera.
            tone[i] = 8 + 262 * MathF.Sqrt(light) / (1 + 0.25f * light);
        }

        return tone;
    }
}
