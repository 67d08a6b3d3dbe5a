using CloudPipe.Inspections;

namespace CloudPipe.Functions.Tests.Doubles;

/// <summary>Results as the reducer writes them.</summary>
internal static class Results
{
    public static InspectionResult Completed(string inspectionId)
    {
        LabelScore[] labels = [new(0, "ZC", "normal", 0.1), new(2, "CK", "joint offset", 0.9)];
        return new InspectionResult(
            inspectionId, "film.mp4", "1", InspectionStatus.Completed, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), null, "demo",
            new VideoInfo(10, 0, 640, 480, 25, "h264", "mov", 0), labels, [labels[1]], [new SegmentScore(0, 0, 10, [0.1, 0.9])], null, 12.5);
    }
}
