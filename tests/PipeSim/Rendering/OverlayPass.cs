using System.Globalization;

namespace CloudPipe.PipeSim;

/// <summary>Burns the distance counter, the date and the section's name into the finished picture.</summary>
public static class OverlayPass
{
    // The recorder writes on a picture of 240 lines; smaller pictures are averages of it.
    private const int Subsamples = 3;

    public static void Draw(FrameCanvas canvas, float aspect, Span<byte> rgb)
    {
        var overlay = canvas.Scene.Overlay;
        if (!overlay.Visible) return;
        var counter = overlay.CounterPrefix + (overlay.CounterStartMetres + canvas.Origin.Z).ToString("0.00", CultureInfo.InvariantCulture) + " M";
        var date = overlay.Start.AddSeconds(Math.Floor(canvas.Seconds)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var pixel = overlay.PixelsPer240Lines * 2 / 240f;
        const float margin = 0.07f;
        var topLine = -1 + margin;
        var bottomLine = 1 - margin - BitmapFont.GlyphHeight * pixel;
        var (left, right) = (-aspect + margin, aspect - margin);
        Write(canvas, aspect, rgb, overlay.CounterOnTop ? date : counter, left, bottomLine, pixel, overlay.Yellow);
        Write(canvas, aspect, rgb, overlay.CounterOnTop ? counter : date, left, topLine, pixel, overlay.Yellow);
        Write(canvas, aspect, rgb, overlay.Title, right - overlay.Title.Length * BitmapFont.Advance * pixel, bottomLine, pixel, overlay.Yellow);
    }

    private static void Write(FrameCanvas canvas, float aspect, Span<byte> rgb, string text, float left, float top, float pixel, bool yellow)
    {
        // From pixels of this picture to pixels of the text's grid.
        float stepX = 2 * aspect / canvas.Width / pixel, stepY = 2f / canvas.Height / pixel;
        float originX = (-aspect - left) / pixel, originY = (-1 - top) / pixel;
        var firstColumn = Math.Max(0, (int)(-originX / stepX) - 1);
        var lastColumn = Math.Min(canvas.Width - 1, (int)((text.Length * BitmapFont.Advance - originX) / stepX) + 1);
        var firstRow = Math.Max(0, (int)(-originY / stepY) - 1);
        var lastRow = Math.Min(canvas.Height - 1, (int)((BitmapFont.GlyphHeight - originY) / stepY) + 1);
        for (var y = firstRow; y <= lastRow; y++)
            for (var x = firstColumn; x <= lastColumn; x++)
            {
                var lit = 0;
                for (var j = 0; j < Subsamples; j++)
                    for (var i = 0; i < Subsamples; i++)
                    {
                        var column = (int)MathF.Floor(originX + (x + (i + 0.5f) / Subsamples) * stepX);
                        var row = (int)MathF.Floor(originY + (y + (j + 0.5f) / Subsamples) * stepY);
                        if (BitmapFont.IsLit(text, column, row)) lit++;
                    }

                if (lit == 0) continue;
                var share = lit / (float)(Subsamples * Subsamples);
                var o = (y * canvas.Width + x) * 3;
                rgb[o] = (byte)(rgb[o] + (240 - rgb[o]) * share);
                rgb[o + 1] = (byte)(rgb[o + 1] + (235 - rgb[o + 1]) * share);
                rgb[o + 2] = (byte)(rgb[o + 2] + ((yellow ? 60 : 235) - rgb[o + 2]) * share);
            }
    }
}
