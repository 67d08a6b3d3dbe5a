namespace CloudPipe.PipeSim;

/// <summary>Renders frames one at a time with buffers of its own: one renderer a thread.</summary>
public sealed class FrameRenderer
{
    private readonly FrameCanvas _canvas = new();
    private readonly WallPass _walls = new();

    /// <param name="video">What to render.</param>
    /// <param name="seconds">The moment.</param>
    /// <param name="rgb">Receives height × width × 3 bytes, row by row.</param>
    /// <param name="width">Pixels a row; a size of another aspect ratio squeezes the picture.</param>
    /// <param name="height">Rows.</param>
    public void Render(PipeVideo video, double seconds, Span<byte> rgb, int width, int height)
    {
        if (rgb.Length != width * height * 3)
        {
            throw new ArgumentException($"A frame of {width}x{height} takes {width * height * 3} bytes, not {rgb.Length}.", nameof(rgb));
        }

        var aspect = (float)video.Settings.Width / video.Settings.Height;
        _canvas.Begin(video.Scene, video.Geometry, seconds, width, height, aspect);
        _walls.Draw(_canvas, video.Defects);
        foreach (var defect in video.Defects)
        {
            if (defect.Start < _canvas.Origin.Z + _canvas.Farthest && defect.End > _canvas.Origin.Z) defect.Draw(_canvas);
        }

        video.Droplets?.Draw(_canvas);
        Development.Develop(_canvas, rgb);
        OverlayPass.Draw(_canvas, aspect, rgb);
    }
}
