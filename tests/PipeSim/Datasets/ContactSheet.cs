namespace CloudPipe.PipeSim;

/// <summary>A picture of all classes: a row per class, a column per moment of a video that carries only that class.</summary>
public sealed record ContactSheet(byte[] Rgb, int Width, int Height)
{
    /// <param name="seed">Of the first class's video.</param>
    /// <param name="classes">One row each.</param>
    /// <param name="columns">Moments: the first is before the event, the others spread over its duration.</param>
    /// <param name="tileWidth">Size of a frame, in pixels.</param>
    /// <param name="tileHeight">Size of a frame, in pixels.</param>
    public static ContactSheet Render(ulong seed, IReadOnlyList<int> classes, int columns, int tileWidth, int tileHeight)
    {
        int width = columns * tileWidth, height = classes.Count * tileHeight;
        var sheet = new byte[width * height * 3];
        Parallel.For(0, classes.Count, row =>
        {
            var video = PipeVideo.WithClasses(HashRandom.Combine(seed, (ulong)classes[row]), [classes[row]], new VideoSettings());
            var tile = new byte[tileWidth * tileHeight * 3];
            for (var column = 0; column < columns; column++)
            {
                video.RenderFrame(Moment(video, column, columns), tile, tileWidth, tileHeight);
                for (var y = 0; y < tileHeight; y++)
                {
                    tile.AsSpan(y * tileWidth * 3, tileWidth * 3)
                        .CopyTo(sheet.AsSpan((((row * tileHeight) + y) * width + column * tileWidth) * 3));
                }
            }
        });
        return new(sheet, width, height);
    }

    private static double Moment(PipeVideo video, int column, int columns)
    {
        if (video.Events.Count == 0) return video.Duration * (column + 0.5) / columns;
        var seen = video.Events[0];
        return seen.OnsetSeconds + seen.DurationSeconds * (column + 0.5) / columns;
    }
}
