using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Labels;

namespace CloudPipe.Shared.Tests.Doubles;

/// <summary>Small releases, plans and predictions.</summary>
internal static class Samples
{
    public static Taxonomy ThreeClasses { get; } = new(
        "three",
        [
            new DefectClass("ZC", "normal", DefectKind.Normal),
            new DefectClass("CK", "joint offset", DefectKind.Structural),
            new DefectClass("SG", "roots", DefectKind.Functional),
        ],
        NormalIndex: 0);

    public static Release SomeRelease(params Member[] members) => new(
        "demo", ThreeClasses, Grid: 3, SegmentSeconds: 60, [0.5, 0.5, 0.5], [0.25, 0.25, 0.25],
        members.Length > 0 ? members : [Member("a", 0), Member("a", 1)], new PostProcessing());

    public static Member Member(string architecture, int fold, double weight = 1) =>
        new(architecture, fold, $"demo/{architecture}-{fold}.safetensors", TileSize: 96, weight);

    /// <summary>A plan with a segment of 60 s per entry of each shard.</summary>
    public static InspectionPlan Plan(int[] segmentsPerShard, int groups = 1, string blobName = "street/film.mp4")
    {
        int count = segmentsPerShard.Sum();
        var shards = new List<Shard>();
        foreach (int segments in segmentsPerShard)
            shards.Add(new Shard(shards.Count, shards.Sum(shard => shard.SegmentCount), segments));

        DateTimeOffset uploaded = new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);
        return new InspectionPlan(
            InspectionId.Create(blobName, "1"), blobName, "1", uploaded, uploaded, "demo", Grid: 3, TileSize: 96,
            [.. Enumerable.Range(0, groups).Select(group => new[] { group })],
            new VideoInfo(count * 60, 0, 1280, 720, 25, "h264", "mov,mp4", 0),
            [.. Enumerable.Range(0, count).Select(index => new Segment(index, index * 60, (index + 1) * 60))],
            shards,
            new Dictionary<string, string> { ["street"] = "Mill Lane" });
    }

    /// <summary>A prediction in which every segment of a shard gets the same row.</summary>
    public static ShardPrediction Prediction(InspectionPlan plan, int shard, int group, params float[] row) =>
        new(plan.InspectionId, shard, group, [new MemberPrediction(group, Enumerable.Repeat(row, plan.Shards[shard].SegmentCount).ToArray())]);
}
