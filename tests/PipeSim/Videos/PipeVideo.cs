using System.Collections.Concurrent;

namespace CloudPipe.PipeSim;

/// <summary>
/// A synthetic sewer inspection: labels, events with their times, and any frame on demand. Immutable; everything
/// follows from the seed, bit for bit, on any number of threads.
/// </summary>
public sealed class PipeVideo
{
    private static readonly ConcurrentBag<FrameRenderer> IdleRenderers = [];

    private PipeVideo(ulong seed, VideoSettings settings, PipeScene scene, IReadOnlyList<int> labels, IReadOnlyList<PipeEvent> events)
    {
        Seed = seed;
        Settings = settings;
        Scene = scene;
        Labels = labels;
        Events = events;
        Defects = [.. events.Select(e => Defect.Create(e, scene))];
        Geometry = new(scene, events, Defects);
        Droplets = scene.HangingDroplets && !labels.Contains(DefectClass.Leakage) ? HangingDroplets(scene) : null;
    }

    public ulong Seed { get; }

    public VideoSettings Settings { get; }

    /// <summary>Ascending class indices, as in QV-Pipe's label file; [0] alone for a pipe without defects.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>In the order of their onset.</summary>
    public IReadOnlyList<PipeEvent> Events { get; }

    public double Duration => Settings.DurationSeconds;

    public double FramesPerSecond => Settings.FramesPerSecond;

    public PipeScene Scene { get; }

    internal PipeGeometry Geometry { get; }

    internal IReadOnlyList<Defect> Defects { get; }

    internal Defect? Droplets { get; }

    /// <summary>A video with labels drawn as they occur in QV-Pipe.</summary>
    public static PipeVideo FromSeed(ulong seed, VideoSettings settings)
    {
        var random = new HashRandom(HashRandom.Combine(seed, 1));
        return WithClasses(seed, LabelSetStatistics.QvPipe.Sample(ref random), settings);
    }

    /// <summary>A video with exactly these classes; none, or 0, is a pipe without defects.</summary>
    public static PipeVideo WithClasses(ulong seed, IEnumerable<int> classes, VideoSettings settings)
    {
        if (settings.Problem() is { } problem) throw new ArgumentException(problem, nameof(settings));
        var labels = classes.Distinct().Order().ToArray();
        if (labels.Any(label => label < 0 || label >= DefectClass.All.Count))
        {
            throw new ArgumentException($"Classes are 0..{DefectClass.All.Count - 1}, not {string.Join(',', labels)}.", nameof(classes));
        }

        if (labels.Length == 0) labels = [DefectClass.Normal];
        if (labels.Length > 1 && labels[0] == DefectClass.Normal)
        {
            throw new ArgumentException("Class 0 (normal) never stands with another.", nameof(classes));
        }

        var scene = PipeScene.FromSeed(HashRandom.Combine(seed, 2), labels, settings.DurationSeconds);
        return new(seed, settings, scene, labels, EventPlacement.Place(HashRandom.Combine(seed, 3), scene, labels, settings.DurationSeconds));
    }

    /// <summary>The same pipe, camera and noise without one class.</summary>
    public PipeVideo Without(int classIndex)
    {
        var labels = Labels.Where(label => label != classIndex).ToArray();
        return new(Seed, Settings, Scene, labels.Length == 0 ? [DefectClass.Normal] : labels, [.. Events.Where(e => e.ClassIndex != classIndex)]);
    }

    /// <summary>Renders the picture at a moment, in any size, from any thread.</summary>
    /// <param name="timeSeconds">0 to <see cref="Duration"/>.</param>
    /// <param name="rgb">Receives height × width × 3 bytes: RGB24, row by row.</param>
    /// <param name="width">Pixels a row; another aspect ratio than the settings' squeezes the picture.</param>
    /// <param name="height">Rows.</param>
    public void RenderFrame(double timeSeconds, Span<byte> rgb, int width, int height)
    {
        if (!IdleRenderers.TryTake(out var renderer)) renderer = new();
        renderer.Render(this, timeSeconds, rgb, width, height);
        IdleRenderers.Add(renderer);
    }

    private static Leakage HangingDroplets(PipeScene scene)
    {
        var random = new HashRandom(HashRandom.Combine(scene.Seed, 12));
        var half = scene.Radius * random.Between(0.2f, 0.4f);
        var look = new PipeEvent(
            DefectClass.Leakage, 0, 0, (random.Between(-2.5f, 2.5f) + 12) % 12, random.Between(0.25f, 1),
            scene.HangingDropletsMetres - half, scene.HangingDropletsMetres + half, random.NextBits());
        return new(look, scene, moves: false) { FrozenAtSeconds = random.Between(0, 10) };
    }
}
