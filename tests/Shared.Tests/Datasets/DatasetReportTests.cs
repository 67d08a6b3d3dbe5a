using System.Text;
using System.Text.RegularExpressions;
using CloudPipe.Datasets;
using CloudPipe.Folds;
using CloudPipe.Labels;
using CloudPipe.Reports;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Datasets;

public partial class DatasetReportTests
{
    private static readonly Taxonomy _taxonomy = new("three", [new DefectClass("N", "none", DefectKind.Normal), new DefectClass("R", "roots", DefectKind.Functional), new DefectClass("C", "crack", DefectKind.Structural)], 0);

    [Fact]
    public void Classes_pairs_lengths_and_folds_are_counted()
    {
        Dataset dataset = Dataset([([0], 10), ([1], 10), ([1, 2], 12.5), ([1, 2], 30), ([], 0)]);

        var statistics = DatasetStatistics.Of(dataset, [0, 0, 1, 1, 0]);

        Assert.Equal([1, 3, 2], statistics.Classes.Select(entry => entry.Samples));
        Assert.Equal(0.6, statistics.Classes[1].Share, 12);
        Assert.Equal([[1, 0, 0], [0, 3, 2], [0, 2, 2]], statistics.CoOccurrence);
        Assert.Equal([1, 2, 2], statistics.LabelsPerSample);
        Assert.Equal(1, statistics.Images);
        Assert.Equal(62.5, statistics.Seconds);
        Assert.Equal(12.5, statistics.MedianSeconds);
        Assert.Equal(4, statistics.Lengths.Sum(bin => bin.Samples));
        Assert.Equal(2, Assert.Single(statistics.Lengths, bin => bin.FromSeconds <= 10 && bin.ToSeconds > 10).Samples);
        Assert.Equal([3, 2], statistics.Folds!.Sizes);
        Assert.Equal([[1, 0], [1, 2], [0, 2]], statistics.Folds.ClassCounts);
    }

    [Fact]
    public void The_longest_samples_share_the_last_bar()
    {
        var statistics = DatasetStatistics.Of(Dataset([.. Enumerable.Range(0, 300).Select(index => (new[] { 1 }, 5 + (index % 20) + 0.5)), ([1], 90_000)]));

        Assert.True(statistics.Lengths.Count < 30);
        Assert.Null(statistics.Lengths[^1].ToSeconds);
        Assert.Equal(1, statistics.Lengths[^1].Samples);
        Assert.Equal(30, statistics.Lengths.Single(bin => bin.FromSeconds == 6).Samples);
    }

    [Fact]
    public void QV_Pipe_s_counts_are_the_published_ones()
    {
        if (ParityData.QvPipeLabels() is not byte[] json)
            return;

        var dataset = Dataset([.. QvPipeLabels.Read(json, QvPipeTaxonomy.Taxonomy).Select(video => (video.Labels.ToArray(), 20.0))], QvPipeTaxonomy.Taxonomy);
        int[] folds = IterativeStratification.Assign([.. dataset.Samples.Select(sample => sample.Labels)], 5, 1, 1);

        var statistics = DatasetStatistics.Of(dataset, folds);

        Assert.Equal([1690, 1502, 1128, 770, 646, 270, 492, 521, 374, 243, 340, 223, 164, 100, 98, 228, 133], statistics.Classes.Select(entry => entry.Samples));
        Assert.All(statistics.CoOccurrence[0].Skip(1), together => Assert.Equal(0, together));
        Assert.Equal(6399, statistics.LabelsPerSample.Sum());
        Assert.All(statistics.Folds!.Sizes, size => Assert.InRange(size, 1260, 1300));
        Assert.Contains(">1,690<", Html(statistics));
    }

    [Fact]
    public void The_page_needs_nothing_runs_nothing_and_says_what_it_knows()
    {
        string html = Html(DatasetStatistics.Of(Dataset([([0], 10), ([1, 2], 12.5), ([1], 8)], skipped: [new SkippedSample("bad.mp4", "It is a poem.")]), [0, 1, 1]));

        Assert.StartsWith("<!DOCTYPE html>", html);
        Assert.Contains("default-src 'none'; img-src data:; style-src 'sha256-", html);
        Assert.DoesNotMatch(Loading(), html);
        Assert.DoesNotContain("style=", html);
        Assert.Contains("<th scope=\"row\">bad.mp4</th><td>It is a poem.</td>", html);
        Assert.Contains("R roots and C crack: 1, 50.0&#160;% of R", html);
        Assert.Contains("Fold 1", html);
        Assert.Contains("3 samples of 3 classes", html);
        Assert.DoesNotContain("Fold 0", Html(DatasetStatistics.Of(Dataset([([0], 10)]))));
    }

    [Fact]
    public void Images_have_no_lengths()
    {
        string html = Html(DatasetStatistics.Of(Dataset([([1], 0), ([], 0)])));

        Assert.DoesNotContain("Lengths", html);
        Assert.Contains("2 of them without a sample", html);
    }

    [Fact]
    public void Whatever_a_label_file_says_stays_text()
    {
        const string Attack = "<script>alert(1)</script>\"'&";
        Taxonomy taxonomy = _taxonomy with { Name = Attack, Classes = [.. _taxonomy.Classes.Select(entry => entry with { Code = Attack, Name = Attack })] };

        string html = Html(DatasetStatistics.Of(Dataset([([1, 2], 3)], taxonomy, [new SkippedSample(Attack, Attack)]) with { Name = Attack }, [0]));

        Assert.DoesNotContain("<script", html);
        Assert.Contains("&lt;script&gt;", html);
    }

    private static string Html(DatasetStatistics statistics) => Encoding.UTF8.GetString(DatasetReportWriter.Write(statistics));

    private static Dataset Dataset(IReadOnlyList<(int[] Labels, double Seconds)> samples, Taxonomy? taxonomy = null, IReadOnlyList<SkippedSample>? skipped = null) => new(
        "data",
        "plan",
        DatasetFormat.QvPipe,
        taxonomy ?? _taxonomy,
        DatasetCut.Uniform(3, 448),
        samples.Count,
        skipped?.Count ?? 0,
        [],
        [new DatasetShard(0, "00", 100, [.. samples.Select((sample, index) => new DatasetEntry(index, $"{index}.mp4", sample.Labels, sample.Seconds > 0 ? 9 : 1, sample.Seconds))], skipped ?? [])]);

    [GeneratedRegex("(src|href|action)\\s*=\\s*\"|url\\(|@import|<script|\\son\\w+=", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();
}
