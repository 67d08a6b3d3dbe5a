using System.Globalization;
using System.Text.Json;
using CloudPipe.Labels;

namespace CloudPipe.Datasets;

/// <summary>
/// Reads CCTV-Pipe's labels (VideoPipe challenge, track 2), which have ActivityNet's form:
/// <c>{"database": {"video": {"subset": "training", "duration": 812.4, "annotations": [{"label": "CK", "moment": 71.5}]}}}</c>.
/// CCTV-Pipe notes single moments; ActivityNet's own <c>segment</c>, start and end, is read too. Each becomes a sample: the
/// segment, or a span around the moment. A sample has the classes of all annotations that its span touches, as a network
/// sees them all. Videos of the subset 'testing' are left out.
/// </summary>
public static class CctvPipeLabels
{
    /// <summary>How long a span around a moment is unless said otherwise: the challenge counts a prediction within 5 to 15 s as right.</summary>
    public const double DefaultMomentSeconds = 10;

    // Lengths in label files are rounded, to seconds at times.
    private const double ToleratedSeconds = 1;

    /// <summary>Reads a label file.</summary>
    /// <param name="json">The file's bytes, UTF-8.</param>
    /// <param name="taxonomy">The classes, which the labels give by name, code or index.</param>
    /// <param name="momentSeconds">The length of the span around a moment, in seconds; cut off where the video begins and ends.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <returns>The samples in order of their videos and times.</returns>
    /// <exception cref="InvalidDataException">It is no such file; the message lists what is wrong.</exception>
    public static IReadOnlyList<DatasetSample> Read(ReadOnlyMemory<byte> json, Taxonomy taxonomy, double momentSeconds = DefaultMomentSeconds, string file = "The label file")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(momentSeconds);
        var faults = new LabelFaults(file);
        try
        {
            using var document = JsonDocument.Parse(QvPipeLabels.WithoutByteOrderMark(json));
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("database", out JsonElement database) || database.ValueKind != JsonValueKind.Object)
            {
                throw faults.Fatal("it has no object 'database' with an entry for each video.");
            }

            var videos = new HashSet<string>(StringComparer.Ordinal);
            var samples = new List<DatasetSample>();
            foreach (JsonProperty video in database.EnumerateObject())
            {
                string where = $"'{video.Name}'";
                if (!videos.Add(video.Name))
                {
                    faults.Add($"{where} stands in the database twice. Keep one entry.");
                }
                else if (faults.CheckName(where, video.Name) && IsForTraining(video, where, faults))
                {
                    samples.AddRange(Samples(video.Name, ReadAnnotations(video.Value, where, taxonomy, momentSeconds, faults), taxonomy));
                }
            }

            faults.ThrowIfAny();
            return [.. samples.OrderBy(sample => sample.File, StringComparer.Ordinal).ThenBy(sample => sample.Span!.StartSeconds).ThenBy(sample => sample.Span!.EndSeconds)];
        }
        catch (JsonException exception)
        {
            throw faults.Fatal($"it is no JSON: {exception.Message}", exception);
        }
    }

    private static bool IsForTraining(JsonProperty video, string where, LabelFaults faults)
    {
        if (video.Value.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{where} is {QvPipeLabels.Describe(video.Value)}; an object with 'subset', 'duration' and 'annotations' is expected.");
            return false;
        }

        return !video.Value.TryGetProperty("subset", out JsonElement subset)
            || subset.ValueKind != JsonValueKind.String
            || subset.GetString() is not ("testing" or "test");
    }

    private static List<Annotation> ReadAnnotations(JsonElement video, string where, Taxonomy taxonomy, double momentSeconds, LabelFaults faults)
    {
        var annotations = new List<Annotation>();
        double duration = double.PositiveInfinity;
        if (video.TryGetProperty("duration", out JsonElement declared) && (Number(declared) is not double seconds || (duration = seconds) <= 0))
        {
            faults.Add($"{where} has the duration {declared.GetRawText()}; write seconds above 0, or leave it out.");
            return annotations;
        }

        if (!video.TryGetProperty("annotations", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            faults.Add($"{where} has no list 'annotations'. Write an empty one where there is nothing to see.");
            return annotations;
        }

        foreach ((int index, JsonElement element) in list.EnumerateArray().Index())
        {
            if (ReadAnnotation(element, $"{where}, annotation {index + 1},", taxonomy, momentSeconds, duration, faults) is { } annotation)
            {
                annotations.Add(annotation);
            }
        }

        return annotations;
    }

    private static Annotation? ReadAnnotation(JsonElement element, string where, Taxonomy taxonomy, double momentSeconds, double duration, LabelFaults faults)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add($"{where} is {QvPipeLabels.Describe(element)}; an object with 'label' and 'moment' or 'segment' is expected.");
            return null;
        }

        bool named = element.TryGetProperty("label", out JsonElement name) || element.TryGetProperty("class", out name);
        string? text = !named ? null : name.ValueKind == JsonValueKind.String ? name.GetString() : name.GetRawText();
        int? label = text is null ? null : taxonomy.Find(text);
        if (label is null)
        {
            faults.Add(text is null
                ? $"{where} has no 'label'."
                : $"{where} has the label '{text}', which is no class of the taxonomy '{taxonomy.Name}': write a name, a code or an index of 0 to {taxonomy.Count - 1}.");
        }

        Annotation? annotation = element.TryGetProperty("segment", out JsonElement segment) ? ReadSegment(segment, where, duration, faults)
            : element.TryGetProperty("moment", out JsonElement moment) ? ReadMoment(moment, where, momentSeconds, duration, faults)
            : null;
        if (annotation is null && !element.TryGetProperty("segment", out _) && !element.TryGetProperty("moment", out _))
        {
            faults.Add($"{where} has neither 'moment' nor 'segment'.");
        }

        return label is int index ? annotation is null ? null : annotation with { Label = index } : null;
    }

    private static Annotation? ReadSegment(JsonElement segment, string where, double duration, LabelFaults faults)
    {
        double?[] ends = segment.ValueKind == JsonValueKind.Array ? [.. segment.EnumerateArray().Select(Number)] : [];
        if (ends is not [double start, double end])
        {
            faults.Add($"{where} has the segment {segment.GetRawText()}; write [start, end] in seconds.");
            return null;
        }

        if (start < 0 || end <= start || end > duration + ToleratedSeconds || start >= duration)
        {
            faults.Add($"{where} has the segment {segment.GetRawText()}; a start of 0 or more and an end after it{WithinVideo(duration)} are expected.");
            return null;
        }

        return new Annotation(0, start, Math.Min(end, duration), new DatasetSpan(start, Math.Min(end, duration)));
    }

    private static Annotation? ReadMoment(JsonElement element, string where, double momentSeconds, double duration, LabelFaults faults)
    {
        if (Number(element) is not double moment || moment < 0 || moment > duration + ToleratedSeconds)
        {
            faults.Add($"{where} has the moment {element.GetRawText()}; seconds of 0 or more{WithinVideo(duration)} are expected.");
            return null;
        }

        moment = Math.Min(moment, duration);
        return new Annotation(0, moment, moment, new DatasetSpan(Math.Max(moment - (momentSeconds / 2), 0), Math.Min(moment + (momentSeconds / 2), duration)));
    }

    private static IEnumerable<DatasetSample> Samples(string video, List<Annotation> annotations, Taxonomy taxonomy)
    {
        foreach (DatasetSpan span in annotations.Select(annotation => annotation.Span).Distinct())
        {
            var labels = new SortedSet<int>(annotations.Where(annotation => annotation.Touches(span)).Select(annotation => annotation.Label));
            if (labels.Count > 1 && taxonomy.NormalIndex is int normal)
            {
                labels.Remove(normal);
            }

            yield return new DatasetSample(string.Create(CultureInfo.InvariantCulture, $"{video}#{span.StartSeconds:0.###}-{span.EndSeconds:0.###}"), video, [.. labels], span);
        }
    }

    // The challenge's own tools accept numbers in quotes.
    private static double? Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(element.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => number,
        _ => null,
    };

    private static string WithinVideo(double duration) => double.IsFinite(duration) ? string.Create(CultureInfo.InvariantCulture, $" within the video's {duration:0.###} s") : string.Empty;

    private sealed record Annotation(int Label, double StartSeconds, double EndSeconds, DatasetSpan Span)
    {
        public bool Touches(DatasetSpan span) => StartSeconds < span.EndSeconds && EndSeconds > span.StartSeconds
            || (StartSeconds == EndSeconds && StartSeconds >= span.StartSeconds && StartSeconds <= span.EndSeconds);
    }
}
