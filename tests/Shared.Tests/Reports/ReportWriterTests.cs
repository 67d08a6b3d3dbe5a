using System.Text;
using System.Text.RegularExpressions;
using CloudPipe.Ensembling;
using CloudPipe.Familiarity;
using CloudPipe.Inspections;
using CloudPipe.Reports;
using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Doubles;
using static CloudPipe.Shared.Tests.Doubles.Samples;

namespace CloudPipe.Shared.Tests.Reports;

public partial class ReportWriterTests
{
    [Fact]
    public void It_needs_nothing_and_runs_nothing()
    {
        string html = Report(Plan([2, 1]), 0.25f, 0.75f);

        Assert.StartsWith("<!DOCTYPE html>", html);
        Assert.Contains("default-src 'none'; img-src data:; style-src 'sha256-", html);
        Assert.DoesNotMatch(Loading(), html);
        Assert.DoesNotContain("style=", html);
    }

    [Fact]
    public void The_policy_s_hash_is_that_of_the_style_sheet()
    {
        string html = Report(Plan([1]), 0.25f, 0.75f);
        string css = html[(html.IndexOf("<style>", StringComparison.Ordinal) + 7)..html.IndexOf("</style>", StringComparison.Ordinal)];

        Assert.Contains($"'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(css)))}'", html);
    }

    [Fact]
    public void Whatever_an_uploader_writes_stays_text()
    {
        const string Attack = "<script>alert(1)</script>\"'&";
        InspectionPlan plan = Plan([2], blobName: $"{Attack}.mp4") with { Metadata = new Dictionary<string, string> { [Attack] = Attack } };
        Release release = SomeRelease(Member(Attack, 0));
        release = release with { Taxonomy = release.Taxonomy with { Classes = [.. release.Taxonomy.Classes.Select(entry => entry with { Code = entry.Code + Attack, Name = Attack })] } };

        string html = Report(plan, 0.25f, 0.75f, release);
        string rejected = Encoding.UTF8.GetString(ReportWriter.Write(Result(plan, null) with
        {
            Status = InspectionStatus.Rejected,
            Reason = new InspectionReason(ReasonCode.NotAVideo, Attack),
            Video = plan.Video with { Codec = Attack, Container = Attack },
        }));

        Assert.All([html, rejected], page =>
        {
            Assert.DoesNotContain("<script", page);
            Assert.DoesNotContain("\"'&\"", page);
            Assert.Contains("&lt;script&gt;", page);
        });
    }

    [Fact]
    public void It_shows_the_tiles_with_their_times_each_class_and_what_was_found()
    {
        string html = Report(Plan([1]), 0.25f, 0.75f);

        Assert.Equal(9, Regex.Count(html, "<img "));
        Assert.Contains("alt=\"Frame at 0:03.3\" title=\"0:03.3\" src=\"data:image/jpeg;base64,/9j/", html);
        Assert.Contains("1 kind of defect found", html);
        Assert.Contains("<th scope=\"row\">CK joint offset</th><td class=\"structural\">Structural</td>", html);
        Assert.Contains("75.0&#160;%", html);
        Assert.Contains("Mill Lane", html);
        Assert.DoesNotContain("class=\"timeline\"", html);
    }

    [Fact]
    public void Of_dense_frames_it_shows_those_of_the_super_image()
    {
        InspectionPlan plan = Plan([1]) with { Frames = 27, Sampling = FrameSampling.Dense };

        string html = Report(plan, 0.25f, 0.75f);

        Assert.Equal(Regex.Matches(Report(Plan([1]), 0.25f, 0.75f), "<img [^>]*>").Select(image => image.Value), Regex.Matches(html, "<img [^>]*>").Select(image => image.Value));
        Assert.Contains("1, of 27 frames each", html);
    }

    [Fact]
    public void A_survey_has_a_timeline_and_the_most_suspicious_pictures_only()
    {
        string html = Report(Plan([20]), 0.25f, 0.75f);

        Assert.Contains("class=\"timeline\"", html);
        Assert.Contains($"The {ReportWriter.MostSuperImages} most suspicious of 20 segments.", html);
        Assert.Equal(9 * ReportWriter.MostSuperImages, Regex.Count(html, "<img "));
        Assert.Contains("0:00\u2060–\u206020:00</span>", html);
        Assert.Contains("CK joint offset, 1:00\u2060–\u20602:00: 75.0&#160;%", html);
    }

    [Fact]
    public void The_most_suspicious_segments_are_shown_in_order_of_time()
    {
        SegmentScore[] segments = [.. Enumerable.Range(0, 12).Select(index => new SegmentScore(index, index, index + 1, [index == 3 ? 1 : 0, index / 20.0, index == 1 ? 0.99 : 0]))];

        Assert.Equal([1, 7, 8, 9, 10, 11], ReportWriter.SegmentsToShow(segments, ThreeClasses));
    }

    [Fact]
    public void Unfamiliar_footage_is_said_to_be_at_the_top_and_its_segments_are_marked()
    {
        InspectionPlan plan = Plan([3]);
        Release release = SomeRelease(Member("a", 0)) with { Familiarity = new FamiliarityModel([new FeatureStatistics("a", 0, 0, [1], [0], [1], [0, 1])], 0.1) };
        ShardPrediction prediction = Prediction(plan, 0, 0, 0.25f, 0.75f, 0);
        ShardPrediction familiar = prediction with { Members = [prediction.Members[0] with { Familiarities = [0.1, 0.5, 0.1] }] };
        ShardPrediction foreign = prediction with { Members = [prediction.Members[0] with { Familiarities = [0.05, 0.5, 0.05] }] };

        string calm = Page(familiar, unfamiliar: false);
        string flagged = Page(foreign, unfamiliar: true);

        Assert.DoesNotContain("unlike", calm);
        Assert.True(flagged.IndexOf("This footage is unlike what the release was trained on;", StringComparison.Ordinal) < flagged.IndexOf("<h2", StringComparison.Ordinal));
        Assert.Equal(2, Regex.Count(flagged, "<rect class=\"unfamiliar\""));
        Assert.Contains("2 of 3 segments are unlike", flagged);
        Assert.Equal(2, Regex.Count(flagged, "unlike the training data</td>"));

        string Page(ShardPrediction told, bool unfamiliar)
        {
            EnsembleScores scores = EnsembleReducer.Reduce(release, plan, [told]);
            return Encoding.UTF8.GetString(ReportWriter.Write(Result(plan, scores) with { Familiarity = scores.Familiarity, Unfamiliar = unfamiliar }, plan, release, []));
        }
    }

    [Fact]
    public void A_normal_pipe_is_said_to_be_one() => Assert.Contains("No defect: the pipe looks normal", Report(Plan([1]), 0.95f, 0.25f));

    [Fact]
    public void Frames_that_are_no_longer_stored_are_said_to_be_missing()
    {
        InspectionPlan plan = Plan([1]);
        Release release = SomeRelease(Member("a", 0));
        EnsembleScores scores = EnsembleReducer.Reduce(release, plan, [Prediction(plan, 0, 0, 0.25f, 0.75f, 0)]);

        Assert.Contains("no longer stored", Encoding.UTF8.GetString(ReportWriter.Write(Result(plan, scores), plan, release, [])));
    }

    [Fact]
    public void The_same_inspection_gives_the_same_bytes_whenever_it_is_finished()
    {
        InspectionPlan plan = Plan([3]);

        Assert.Equal(Report(plan, 0.25f, 0.75f), Report(plan, 0.25f, 0.75f, finishedAt: DateTimeOffset.UnixEpoch));
    }

    [Theory]
    [InlineData(InspectionStatus.Rejected, ReasonCode.Truncated, "The file is incomplete")]
    [InlineData(InspectionStatus.Failed, ReasonCode.StepFailed, "requeueing it tries again")]
    public void What_was_not_scored_is_told_in_words(InspectionStatus status, ReasonCode code, string words)
    {
        InspectionResult result = Result(Plan([1]), null) with { Status = status, Reason = new InspectionReason(code, "It ends after 12 bytes.") };

        string html = Encoding.UTF8.GetString(ReportWriter.Write(result));

        Assert.Contains(words, html);
        Assert.Contains("It ends after 12 bytes.", html);
    }

    private static string Report(InspectionPlan plan, float normal, float jointOffset, Release? release = null, DateTimeOffset finishedAt = default)
    {
        release ??= SomeRelease(Member("a", 0));
        EnsembleScores scores = EnsembleReducer.Reduce(release, plan, plan.Shards.Select(shard => Prediction(plan, shard.Index, 0, normal, jointOffset, 0)));
        ShardSegment[] pictures = [.. ReportWriter.SegmentsToShow(scores.Segments, release.Taxonomy).Select(index => Picture(plan.Segments[index], plan.FrameCount))];
        return Encoding.UTF8.GetString(ReportWriter.Write(Result(plan, scores) with { FinishedAt = finishedAt }, plan, release, pictures));
    }

    private static ShardSegment Picture(Segment segment, int count)
    {
        FrameTime[] frames = [.. SamplingPlan.Uniform(segment, count).InstantsSeconds.Select(time => new FrameTime(time, time))];
        return new ShardSegment(
            new SegmentManifest(segment.Index, segment.StartSeconds, segment.EndSeconds, frames),
            [.. frames.Select(_ => new ReadOnlyMemory<byte>([0xFF, 0xD8, 0xFF, 0xD9]))]);
    }

    private static InspectionResult Result(InspectionPlan plan, EnsembleScores? scores) => new(
        plan.InspectionId, plan.BlobName, plan.ETag, InspectionStatus.Completed, default, null, plan.Release, plan.Video,
        scores?.Labels ?? [], scores?.Defects ?? [], scores?.Segments ?? [], plan.Metadata, 5);

    [GeneratedRegex("(src|href|action)\\s*=\\s*\"(?!data:image/jpeg)|url\\(|@import|<script|\\son\\w+=", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();
}
