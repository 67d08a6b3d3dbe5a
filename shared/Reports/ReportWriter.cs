using System.Text;
using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Shards;
using static CloudPipe.Reports.ReportText;

namespace CloudPipe.Reports;

/// <summary>
/// Writes an inspection's report: one HTML file that needs nothing else, loads nothing and runs nothing, and reads the same
/// on a screen, in the dark and on paper. A pure function: the same inspection gives the same bytes.
/// </summary>
public static class ReportWriter
{
    /// <summary>How many super-images a report holds: those of the most suspicious segments; a file of a few megabytes.</summary>
    public const int MostSuperImages = 6;

    /// <summary>Writes the report of an inspection that was not scored.</summary>
    /// <param name="result">Its result.</param>
    /// <returns>HTML in UTF-8.</returns>
    public static byte[] Write(InspectionResult result) => Write(result, (html) =>
    {
        html.Append("<section aria-labelledby=\"reason\"><h2 id=\"reason\">")
            .Append(result.Status == InspectionStatus.Rejected ? "Why the upload was rejected" : "Why there is no result yet").Append("</h2>")
            .Append($"<p class=\"reason\"><strong>{ReasonTitle(result.Reason?.Code)}.</strong> {Escape(result.Reason?.Message)}</p>")
            .Append(result.Status == InspectionStatus.Failed
                ? "<p class=\"note\">The message that failed is kept; requeueing it tries again, and this page is then replaced.</p>"
                : "<p class=\"note\">Uploading a corrected file starts a new inspection.</p>")
            .Append("</section>");
        AppendFacts(html, result, plan: null);
    });

    /// <summary>Writes the report of a completed inspection.</summary>
    /// <param name="result">Its result.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="release">The release that scored it.</param>
    /// <param name="pictures">The stored tiles of the segments to show; see <see cref="SegmentsToShow"/>. Missing ones are said to be.</param>
    /// <returns>HTML in UTF-8.</returns>
    public static byte[] Write(InspectionResult result, InspectionPlan plan, Release release, IReadOnlyList<ShardSegment> pictures) => Write(result, html =>
    {
        AppendWarning(html, result);
        AppendDefects(html, result, release);
        AppendTimeline(html, result, release);

        // A clip's one picture stands beside its classes; a survey's pictures need the whole width.
        html.Append(result.Segments.Count == 1 ? "<div class=\"pair\">" : "<div>");
        AppendPictures(html, result, plan, release, pictures);
        AppendClasses(html, result, release);
        html.Append("</div>");
        AppendFacts(html, result, plan);
        AppendMembers(html, release);
    });

    /// <summary>Chooses the segments whose super-images a report shows: the most suspicious, in order of time.</summary>
    /// <param name="segments">The timeline.</param>
    /// <param name="taxonomy">The classes.</param>
    /// <returns>The segments' indices, <see cref="MostSuperImages"/> at most.</returns>
    public static IReadOnlyList<int> SegmentsToShow(IReadOnlyList<SegmentScore> segments, Taxonomy taxonomy) =>
        [.. segments
            .OrderByDescending(segment => segment.Probabilities.Where((_, index) => index != taxonomy.NormalIndex).DefaultIfEmpty(0).Max())
            .ThenBy(segment => segment.Index)
            .Take(MostSuperImages)
            .Select(segment => segment.Index)
            .Order()];

    private static byte[] Write(InspectionResult result, Action<StringBuilder> appendBody)
    {
        string fileName = result.BlobName.Split('/')[^1];
        var html = new StringBuilder(64 * 1024);
        html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{ReportStyle.Policy}\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">")
            .Append($"<title>{Escape(fileName)} – inspection report</title><style>{ReportStyle.Css}</style></head><body><main>")
            .Append("<header><p class=\"eyebrow\">Sewer inspection report</p>")
            .Append($"<h1>{Escape(fileName)}</h1>{(fileName == result.BlobName ? "" : $"<p class=\"path\">{Escape(result.BlobName)}</p>")}")
            .Append($"<p class=\"verdict\"><span class=\"pill {result.Status.ToString().ToLowerInvariant()}\">{result.Status}</span>{Escape(Verdict(result))}</p></header>");
        appendBody(html);
        html.Append($"<footer>Inspection {Escape(result.InspectionId)}. Scores are a network's estimate: they order the footage for a person to look at and replace no inspector.</footer>")
            .Append("</main></body></html>\n");
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    private static string Verdict(InspectionResult result) => result.Status switch
    {
        InspectionStatus.Rejected => "This upload cannot be scored",
        InspectionStatus.Failed => "Scoring this upload failed",
        _ when result.Defects.Count == 1 => "1 kind of defect found",
        _ when result.Defects.Count > 1 => $"{result.Defects.Count} kinds of defect found",
        _ when result.Labels.Any(label => label.Probability == 1) => "No defect: the pipe looks normal",
        _ => "No class reached the threshold",
    };

    private static void AppendWarning(StringBuilder html, InspectionResult result)
    {
        if (result.Unfamiliar == true)
            html.Append($"<section class=\"warning\"><p class=\"reason\"><strong>This footage is unlike what the release was trained on;</strong> its scores may mean nothing, whatever they say. Have a person look at it.</p></section>");
    }

    private static void AppendDefects(StringBuilder html, InspectionResult result, Release release)
    {
        if (result.Defects.Count == 0)
            return;

        html.Append("<section aria-labelledby=\"defects\"><h2 id=\"defects\">Defects</h2><ul class=\"defects\">");
        foreach (LabelScore defect in result.Defects)
        {
            DefectKind kind = release.Taxonomy.Classes[defect.Index].Kind;
            html.Append($"<li class=\"{Css(kind)}\"><b>{Escape(Percent(defect.Probability))}</b><strong>{Escape(defect.Code)} {Escape(defect.Name)}</strong>")
                .Append($"<span>{kind}<br>{Escape(Where(result.Segments, defect.Index, release.PostProcessing.ThresholdOf(defect.Index)))}</span></li>");
        }

        html.Append("</ul></section>");
    }

    // The first spans of the video in which a class is above the threshold; neighbours are joined.
    private static string Where(IReadOnlyList<SegmentScore> segments, int index, double threshold)
    {
        if (segments.Count < 2)
            return "";

        var spans = new List<(double Start, double End)>();
        foreach (SegmentScore segment in segments.Where(segment => segment.Probabilities[index] >= threshold))
        {
            if (spans.Count > 0 && spans[^1].End >= segment.StartSeconds)
                spans[^1] = (spans[^1].Start, segment.EndSeconds);
            else
                spans.Add((segment.StartSeconds, segment.EndSeconds));
        }

        const int Most = 4;
        string listed = string.Join(", ", spans.Take(Most).Select(span => Span(span.Start, span.End)));
        return spans.Count == 0 ? "" : $"{listed}{(spans.Count > Most ? $" and {spans.Count - Most} more" : "")}";
    }

    private static void AppendPictures(StringBuilder html, InspectionResult result, InspectionPlan plan, Release release, IReadOnlyList<ShardSegment> pictures)
    {
        html.Append("<section aria-labelledby=\"pictures\"><h2 id=\"pictures\">What the networks saw</h2>");
        if (pictures.Count == 0)
        {
            html.Append("<p class=\"note\">The frames are no longer stored.</p></section>");
            return;
        }

        html.Append("<div class=\"pictures\">");
        foreach (ShardSegment picture in pictures.OrderBy(picture => picture.Manifest.SegmentIndex))
            AppendPicture(html, picture, result.Segments[picture.Manifest.SegmentIndex], plan.Grid, release);

        html.Append("</div>");
        if (pictures.Count < result.Segments.Count)
            html.Append($"<p class=\"note\">The {pictures.Count} most suspicious of {result.Segments.Count} segments.</p>");

        html.Append("</section>");
    }

    private static void AppendPicture(StringBuilder html, ShardSegment picture, SegmentScore segment, int grid, Release release)
    {
        html.Append($"<figure><div class=\"tiles grid-{grid}\">");
        var frames = new SuperImageFrames(picture.Tiles.Count, grid * grid);
        for (int tile = 0; tile < grid * grid; tile++)
        {
            int frame = frames.IndexOf(tile);
            string frameTime = FrameTime(picture.Manifest.Frames[frame].ActualSeconds);
            html.Append($"<img alt=\"Frame at {frameTime}\" title=\"{frameTime}\" src=\"data:image/jpeg;base64,").Append(Convert.ToBase64String(picture.Tiles[frame].Span)).Append("\">");
        }

        IEnumerable<string> most = segment.Probabilities
            .Select((probability, index) => (probability, entry: release.Taxonomy.Classes[index]))
            .OrderByDescending(pair => pair.probability).Take(3)
            .Select(pair => $"{Escape(pair.entry.Code)} {Escape(pair.entry.Name)} {Escape(Percent(pair.probability))}");
        html.Append($"</div><figcaption><b>{Span(segment.StartSeconds, segment.EndSeconds)}</b> · {string.Join(" · ", most)}</figcaption></figure>");
    }

    private static void AppendClasses(StringBuilder html, InspectionResult result, Release release)
    {
        html.Append("<section aria-labelledby=\"classes\"><h2 id=\"classes\">Probability per class</h2><div class=\"scroll\"><table>")
            .Append("<thead><tr><th scope=\"col\">Class</th><th scope=\"col\">Kind</th><th scope=\"col\" class=\"bar\">0 to 100 %</th><th scope=\"col\" class=\"number\">Probability</th></tr></thead><tbody>");
        foreach (LabelScore label in result.Labels)
        {
            DefectKind kind = release.Taxonomy.Classes[label.Index].Kind;
            double threshold = label.Index == release.Taxonomy.NormalIndex ? release.PostProcessing.NormalThreshold : release.PostProcessing.ThresholdOf(label.Index);
            bool listed = result.Defects.Any(defect => defect.Index == label.Index);
            html.Append($"<tr{(listed ? " class=\"listed\"" : "")}><th scope=\"row\">{Escape(label.Code)} {Escape(label.Name)}</th><td class=\"{Css(kind)}\">{kind}</td>")
                .Append("<td class=\"bar\"><svg viewBox=\"0 0 200 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" width=\"200\" height=\"16\" rx=\"3\"/>")
                .Append($"<rect class=\"{Css(kind)}\" width=\"{200 * label.Probability:0.##}\" height=\"16\" rx=\"3\"/>")
                .Append($"<line class=\"mark\" vector-effect=\"non-scaling-stroke\" x1=\"{200 * threshold:0.##}\" x2=\"{200 * threshold:0.##}\" y1=\"0\" y2=\"16\"/></svg></td>")
                .Append($"<td class=\"number\">{Escape(Percent(label.Probability))}</td></tr>");
        }

        html.Append("</tbody></table></div>");
        AppendLegend(html, release);
        if (release.Taxonomy.NormalIndex is int normal && result.Labels[normal].Probability == 1)
        {
            html.Append("<p class=\"note\">Normal is above its threshold, so it counts as certain and every other class as ruled out. The networks' own figures stand under the picture");
            html.Append(result.Segments.Count == 1 ? ".</p>" : " and in the timeline.</p>");
        }

        html.Append("</section>");
    }

    private static void AppendLegend(StringBuilder html, Release release)
    {
        html.Append("<ul class=\"legend\">");
        foreach (DefectKind kind in release.Taxonomy.Classes.Select(entry => entry.Kind).Distinct().Order())
            html.Append($"<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect class=\"{Css(kind)}\" width=\"14\" height=\"14\" rx=\"3\"/></svg>{kind}</li>");

        html.Append("<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><line class=\"mark\" x1=\"7\" x2=\"7\" y1=\"0\" y2=\"14\"/></svg>")
            .Append(release.PostProcessing.DefectThresholds is null
                ? $"Threshold: a defect from {Escape(Percent(release.PostProcessing.DefectThreshold))}"
                : "Threshold: a defect from the class's own");
        if (release.Taxonomy.NormalIndex is not null)
            html.Append($"; normal above {Escape(Percent(release.PostProcessing.NormalThreshold))} rules out all others");

        html.Append("</li></ul>");
    }

    private static void AppendTimeline(StringBuilder html, InspectionResult result, Release release)
    {
        if (result.Segments.Count < 2)
            return;

        int leftOut = release.Taxonomy.Count - TimelineChart.Rows(result.Segments, release.Taxonomy).Count;
        html.Append("<section aria-labelledby=\"timeline\"><h2 id=\"timeline\">Timeline</h2><div class=\"scroll\">");
        TimelineChart.Append(html, result.Segments, release.Taxonomy, release.Familiarity?.Threshold);
        html.Append("</div>");
        if (Unfamiliar(result, release) is > 0 and int unfamiliar)
            html.Append($"<p class=\"note\">Bars at the top: {unfamiliar} of {result.Segments.Count} segments are unlike what the release was trained on; their scores may mean nothing.</p>");
        if (leftOut > 0)
            html.Append($"<p class=\"note\">The stronger the colour, the more probable. {leftOut} classes stay below 5 % throughout and are left out.</p>");

        html.Append("<details><summary>The timeline as a table</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">From</th><th scope=\"col\">To</th><th scope=\"col\">Most probable classes</th></tr></thead><tbody>");
        foreach (SegmentScore segment in result.Segments)
        {
            IEnumerable<string> most = segment.Probabilities
                .Select((probability, index) => (probability, entry: release.Taxonomy.Classes[index]))
                .OrderByDescending(pair => pair.probability).Take(4)
                .Select(pair => $"{Escape(pair.entry.Code)} {Escape(Percent(pair.probability))}");
            html.Append($"<tr><td>{Time(segment.StartSeconds)}</td><td>{Time(segment.EndSeconds)}</td><td>{string.Join(" · ", most)}{(IsUnfamiliar(segment, release) ? " · unlike the training data" : "")}</td></tr>");
        }

        html.Append("</tbody></table></div></details></section>");
    }

    private static int Unfamiliar(InspectionResult result, Release release) => result.Segments.Count(segment => IsUnfamiliar(segment, release));

    private static bool IsUnfamiliar(SegmentScore segment, Release release) => segment.Familiarity < release.Familiarity?.Threshold;

    private static void AppendFacts(StringBuilder html, InspectionResult result, InspectionPlan? plan)
    {
        var facts = new List<(string Name, string Value)>();
        if (result.Video is VideoInfo video)
        {
            facts.Add(("Length", FrameTime(video.DurationSeconds)));
            facts.Add(("Picture", $"{video.Width} × {video.Height}{(video.RotationDegrees == 0 ? "" : $", rotated by {video.RotationDegrees}°")}"));
            facts.Add(("Frames per second", $"{video.FramesPerSecond:0.##}"));
            facts.Add(("Codec", $"{video.Codec} in {video.Container.Split(',')[0]}"));
        }

        if (plan is not null)
        {
            facts.Add(("Uploaded", $"{plan.UploadedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"));
            facts.Add(("Segments", $"{plan.Segments.Count}, of {plan.FrameCount} frames each"));
        }

        if (result.Release is not null)
            facts.Add(("Release", result.Release));
        if (facts.Count > 0)
            AppendFactList(html, "video", "Video", facts);
        if (result.Metadata is { Count: > 0 } metadata)
            AppendFactList(html, "metadata", "Metadata", metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
    }

    private static void AppendFactList(StringBuilder html, string id, string title, IEnumerable<(string Name, string Value)> facts)
    {
        html.Append($"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2><dl class=\"facts\">");
        foreach ((string name, string value) in facts)
            html.Append($"<div><dt>{Escape(name)}</dt><dd>{Escape(value)}</dd></div>");

        html.Append("</dl></section>");
    }

    private static void AppendMembers(StringBuilder html, Release release)
    {
        double total = release.Members.GroupBy(member => member.Architecture, StringComparer.Ordinal).Sum(folds => folds.First().Weight);
        html.Append("<section aria-labelledby=\"members\"><h2 id=\"members\">Networks</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Architecture</th><th scope=\"col\">Folds</th><th scope=\"col\" class=\"number\">Super-image</th><th scope=\"col\" class=\"number\">Share of the vote</th></tr></thead><tbody>");
        foreach (IGrouping<string, Member> folds in release.Members.GroupBy(member => member.Architecture, StringComparer.Ordinal))
        {
            int side = folds.First().TileSize * release.Grid;
            html.Append($"<tr><th scope=\"row\">{Escape(folds.Key)}</th><td>{string.Join(", ", folds.Select(member => member.Fold).Order())}</td><td class=\"number\">{side} × {side}</td><td class=\"number\">{Escape(Percent(folds.First().Weight / total))}</td></tr>");
        }

        html.Append("</tbody></table></div></section>");
    }

    private static string ReasonTitle(ReasonCode? code) => code switch
    {
        ReasonCode.EmptyFile => "The file is empty",
        ReasonCode.NotAVideo => "The file is not a video",
        ReasonCode.NoVideoStream => "The file has no picture",
        ReasonCode.Truncated => "The file is incomplete",
        ReasonCode.UnsupportedSize => "The picture's size is not supported",
        ReasonCode.Undecodable => "No frame can be decoded",
        ReasonCode.TooLong => "The video is too long",
        ReasonCode.InvalidSidecar => "The sidecar file is faulty",
        ReasonCode.InvalidRelease => "The release cannot be used",
        ReasonCode.UploadChanged => "The upload changed",
        _ => "A step kept failing",
    };
}
