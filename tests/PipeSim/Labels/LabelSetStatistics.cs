using System.Text.Json;

namespace CloudPipe.PipeSim;

/// <summary>How often each distinct set of labels occurs in QV-Pipe's training videos; label sets are drawn from it.</summary>
public sealed class LabelSetStatistics
{
    private readonly int[][] _labelSets;
    private readonly int[] _counts;

    private LabelSetStatistics(int[][] labelSets, int[] counts)
    {
        _labelSets = labelSets;
        _counts = counts;
        Videos = counts.Sum();
        VideosPerClass = [.. DefectClass.All.Select(c => labelSets.Zip(counts).Where(set => set.First.Contains(c.Index)).Sum(set => set.Second))];
    }

    public static LabelSetStatistics QvPipe { get; } = Load();

    public int Videos { get; }

    public IReadOnlyList<int> VideosPerClass { get; }

    /// <summary>The number of videos that carry both classes.</summary>
    public int CoOccurrences(int first, int second) =>
        _labelSets.Zip(_counts).Where(set => set.First.Contains(first) && set.First.Contains(second)).Sum(set => set.Second);

    /// <summary>Draws the labels of one video, in proportion to how often that set occurs.</summary>
    public IReadOnlyList<int> Sample(ref HashRandom random)
    {
        var ticket = random.NextInteger(Videos);
        var index = 0;
        while (ticket >= _counts[index]) ticket -= _counts[index++];
        return _labelSets[index];
    }

    private static LabelSetStatistics Load()
    {
        using var stream = typeof(LabelSetStatistics).Assembly.GetManifestResourceStream("qv-pipe-label-sets.json")!;
        using var document = JsonDocument.Parse(stream);
        var rows = document.RootElement.GetProperty("countThenLabels").Deserialize<int[][]>()!;
        return new([.. rows.Select(row => row[1..])], [.. rows.Select(row => row[0])]);
    }
}
