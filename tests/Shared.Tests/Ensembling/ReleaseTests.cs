using System.Text;
using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.Familiarity;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Methods;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Storage;
using static CloudPipe.Shared.Tests.Doubles.Samples;

namespace CloudPipe.Shared.Tests.Ensembling;

public class ReleaseTests
{
    public static TheoryData<Release, string> Faults() => new()
    {
        { SomeRelease() with { Name = "Demo" }, "name 'Demo'" },
        { SomeRelease() with { Name = "../demo" }, "name '../demo'" },
        { SomeRelease() with { Name = "" }, "name ''" },
        { SomeRelease() with { SchemaVersion = 2 }, "schemaVersion is 2" },
        { SomeRelease() with { Grid = 0 }, "grid is 0" },
        { SomeRelease() with { Frames = 9, Sampling = (FrameSampling)7 }, "sampling is 7" },
        { SomeRelease() with { Frames = 18 }, "frames is 18; uniform" },
        { SomeRelease() with { Frames = 10, Sampling = FrameSampling.Dense }, "frames is 10; it must be a multiple of the grid's 9 tiles" },
        { SomeRelease() with { Frames = 0, Sampling = FrameSampling.Sequence }, "frames is 0" },
        { SomeRelease() with { Frames = 1008, Sampling = FrameSampling.Sequence }, "up to 1000" },
        { SomeRelease(Member("a", 0) with { TileSize = 800 }) with { Frames = 900, Sampling = FrameSampling.Dense }, "900 frames of a segment take more than" },
        { SomeRelease() with { TestTimeAugmentation = new() }, "testTimeAugmentation names no view" },
        { SomeRelease() with { TestTimeAugmentation = new(Shuffle: -1) }, "testTimeAugmentation.shuffle is -1" },
        { SomeRelease() with { TestTimeAugmentation = new(Shuffle: 65) }, "testTimeAugmentation.shuffle is 65" },
        { SomeRelease() with { TestTimeAugmentation = new(Shuffle: 1), Grid = 1 }, "one tile has no other order" },
        { SomeRelease() with { TestTimeAugmentation = new(Resample: true) }, "9 are cut for 9 tiles" },
        { SomeRelease() with { SegmentSeconds = double.NaN }, "segmentSeconds is NaN" },
        { SomeRelease() with { Mean = [0.5] }, "mean has 1" },
        { SomeRelease() with { StandardDeviation = [0.5, 0.5, 0] }, "above 0" },
        { SomeRelease() with { Members = [] }, "members is empty" },
        { SomeRelease(Member("", 0)), "architecture is empty" },
        { SomeRelease(Member("a", -1)), "fold is -1" },
        { SomeRelease(Member("a", 0), Member("a", 0)), "fold 0 more than once" },
        { SomeRelease(Member("a", 0, 1), Member("a", 1, 2)), "share one weight" },
        { SomeRelease(Member("a", 0), Member("a", 1) with { Method = new MemberMethod(MethodKind.Frames) }), "share one method" },
        { SomeRelease(Member("a", 0) with { Method = new MemberMethod((MethodKind)7) }), "members[0].method.kind is 7" },
        { SomeRelease(Member("a", 0) with { Method = new MemberMethod(MethodKind.Frames, (FramePooling)7) }), "members[0].method.framePooling is 7" },
        { SomeRelease(Member("a", 0) with { Method = new MemberMethod(MethodKind.FeatureMemory) }), "members[0].method.head is missing" },
        { SomeRelease(Member("a", 0) with { Method = new MemberMethod(MethodKind.Clip, Head: new FeatureHead(1, 1, 8)) }), "members[0].method.head is there" },
        { SomeRelease(Member("a", 0) with { Method = new MemberMethod(MethodKind.FeatureMemory, Head: new FeatureHead(0, 4, 30)) }), "members[0].method.head.layers is 0" },
        { SomeRelease(Member("a", 0) with { Method = new MemberMethod(MethodKind.FeatureMemory, Head: new FeatureHead(1, 4, 30)) }), "members[0].method.head.width is 30" },
        { SomeRelease(Member("a", 0) with { Method = new MemberMethod(MethodKind.FeatureMemory, Head: new FeatureHead(1, 4, 32)) }), "members[0].method is featureMemory, and frames is 9" },
        { SomeRelease(Member("a", 0, 0), Member("b", 0, 0)), "sum to 0" },
        { SomeRelease(Member("a", 0, -1), Member("b", 0, 2)), "members[0].weight is -1" },
        { SomeRelease(Member("a", 0, double.NaN)), "members[0].weight is NaN" },
        { SomeRelease(Member("a", 0) with { TileSize = 8 }), "tileSize is 8" },
        { SomeRelease(Member("a", 0) with { TileSize = 4096 }), "tileSize is 4096" },
        { SomeRelease(Member("a", 0) with { Weights = "../secret.safetensors" }), "members[0].weights" },
        { SomeRelease(Member("a", 0) with { Weights = "/etc/w.safetensors" }), "members[0].weights" },
        { SomeRelease(Member("a", 0) with { Weights = "a//b.safetensors" }), "members[0].weights" },
        { SomeRelease(Member("a", 0) with { Weights = "a\\b.safetensors" }), "members[0].weights" },
        { SomeRelease(Member("a", 0) with { Weights = "a/%2e%2e/b.safetensors" }), "members[0].weights" },
        { SomeRelease(Member("a", 0) with { Weights = "weights.pt" }), "members[0].weights" },
        { SomeRelease() with { Taxonomy = ThreeClasses with { Classes = [] } }, "no classes" },
        { SomeRelease() with { Taxonomy = ThreeClasses with { NormalIndex = 3 } }, "normalIndex is 3" },
        { SomeRelease() with { Taxonomy = ThreeClasses with { NormalIndex = 1 } }, "exactly the normal class" },
        { SomeRelease() with { Taxonomy = ThreeClasses with { Classes = [.. ThreeClasses.Classes, ThreeClasses.Classes[1]] } }, "'CK' more than once" },
        { SomeRelease(Member("a", 0)) with { Declared = [new("", 1)] }, "declared[0].architecture is empty" },
        { SomeRelease(Member("a", 0)) with { Declared = [new("a", 1)] }, "a member too" },
        { SomeRelease(Member("a", 0)) with { Declared = [new("b", -1)] }, "declared[0].weight is -1" },
        { SomeRelease() with { PostProcessing = new PostProcessing(NormalThreshold: 1.1) }, "normalThreshold is 1.1" },
        { SomeRelease() with { PostProcessing = new PostProcessing(DefectThreshold: 0) }, "defectThreshold is 0" },
        { SomeRelease() with { PostProcessing = new PostProcessing((SegmentAggregation)9) }, "aggregation is 9" },
        { SomeRelease() with { PostProcessing = new PostProcessing(DefectThresholds: [0.5, 0.5]) }, "defectThresholds has 2 values; the taxonomy has 3" },
        { SomeRelease() with { PostProcessing = new PostProcessing(DefectThresholds: [0.5, 0, 0.5]) }, "defectThresholds[1] is 0" },
        { SomeRelease() with { PostProcessing = new PostProcessing(Temperatures: [1]) }, "temperatures has 1 values" },
        { SomeRelease() with { PostProcessing = new PostProcessing(Temperatures: [1, 1, 0.05]) }, "temperatures[2] is 0.05; it must be 0.1 to 10" },
        { SomeRelease() with { PostProcessing = new PostProcessing(Temperatures: [1, double.NaN, 1]) }, "temperatures[1] is NaN" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([]) }, "familiarity.members is empty" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics], 1) }, "familiarity.threshold is 1" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics with { Fold = 4 }]) }, "of a, fold 4, which is no member" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics, Statistics]) }, "members[1] is of a, fold 0, which is there already" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics with { Scales = [1] }]) }, "members[0].mean has 2 values" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics with { Scales = [] }]) }, "members[0].scales has 0 values" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics with { Mean = [0, double.NaN] }]) }, "members[0].mean has a value that is not a number" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics with { CovarianceFactor = [1, 0] }]) }, "a lower triangle of 2 rows has 3" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics with { CovarianceFactor = [1, 0, 0] }]) }, "diagonal value" },
        { SomeRelease() with { Familiarity = new FamiliarityModel([Statistics with { DistanceQuantiles = [2, 1] }]) }, "ascending order" },
    };

    private static FeatureStatistics Statistics => new("a", 0, 0, [1, 1, 1, 1, 1], [0, 0], [1, 0, 1], [0, 1]);

    [Fact]
    public void A_release_that_says_nothing_new_keeps_its_bytes()
    {
        string json = JsonSerializer.Serialize(SomeRelease(), CloudPipeJson.Options);

        Assert.DoesNotContain("defectThresholds", json);
        Assert.DoesNotContain("temperatures", json);
        Assert.DoesNotContain("familiarity", json);
        Assert.DoesNotContain("rames", json);
        Assert.DoesNotContain("sampling", json);
        Assert.DoesNotContain("testTime", json);
        Assert.Null(JsonSerializer.Deserialize<Release>(json, CloudPipeJson.Options)!.PostProcessing.Temperatures);
    }

    [Fact]
    public void What_a_release_says_of_frames_views_thresholds_temperatures_and_familiarity_survives_json()
    {
        Release release = SomeRelease() with
        {
            PostProcessing = new PostProcessing(DefectThresholds: [0.5, 0.25, 0.75], Temperatures: [1, 2, 0.5]),
            Familiarity = new FamiliarityModel([Statistics], 0.02),
            Frames = 27,
            Sampling = FrameSampling.Dense,
            TestTimeAugmentation = new(Flip: true, Shuffle: 2, Seed: 9, Resample: true),
        };

        Release read = JsonSerializer.Deserialize<Release>(JsonSerializer.Serialize(release, CloudPipeJson.Options), CloudPipeJson.Options)!;

        Assert.Empty(ReleaseValidator.Validate(read));
        Assert.Equal((27, FrameSampling.Dense), (read.Frames, read.Sampling));
        Assert.Equal(release.TestTimeAugmentation, read.TestTimeAugmentation);
        Assert.Equal([1, 2, 0.5], read.PostProcessing.Temperatures);
        Assert.Equal(0.75, read.PostProcessing.ThresholdOf(2));
        Assert.Equal((0.02, 2), (read.Familiarity!.Threshold, read.Familiarity.Members[0].Dimensions));
    }

    [Fact]
    public void A_member_says_its_method_and_one_of_super_images_nothing()
    {
        Member[] members =
        [
            Member("a", 0),
            Member("b", 0) with { Method = new MemberMethod(MethodKind.Frames, FramePooling.Median) },
            Member("c", 0) with { Method = new MemberMethod(MethodKind.FeatureMemory, Head: new FeatureHead(2, 4, 256)) },
        ];
        Release release = SomeRelease(members) with { Frames = 27, Sampling = FrameSampling.Dense };

        string json = JsonSerializer.Serialize(release, CloudPipeJson.Options);

        Assert.Empty(ReleaseValidator.Validate(release));
        Assert.Equal(2, json.Split("\"method\"").Length - 1);
        Assert.Contains("""{"kind":"frames","framePooling":"median"}""", json, StringComparison.Ordinal);
        Assert.Contains("""{"kind":"featureMemory","head":{"layers":2,"attentionHeads":4,"width":256}}""", json, StringComparison.Ordinal);
        Assert.Equal(members, JsonSerializer.Deserialize<Release>(json, CloudPipeJson.Options)!.Members);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_fault_has_its_message(Release release, string words) =>
        Assert.Contains(ReleaseValidator.Validate(release), fault => fault.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void A_sound_release_has_none() => Assert.Empty(ReleaseValidator.Validate(SomeRelease() with { Taxonomy = QvPipeTaxonomy.Taxonomy }));

    [Fact]
    public async Task A_release_is_read_once_and_kept()
    {
        using var blobs = new ObservedBlobStore();
        await blobs.WriteJsonAsync(Release.PathOf("demo"), SomeRelease());
        int reads = 0;
        blobs.Before = (operation, _) => reads += operation == "read" ? 1 : 0;
        var store = new ReleaseStore(blobs);

        Release first = await store.GetAsync("demo");

        Assert.Equal(2, first.Members.Count);
        Assert.Same(first, await store.GetAsync("demo"));
        Assert.Equal(1, reads);
    }

    [Theory]
    [InlineData("absent", null, "releases/absent.json does not exist")]
    [InlineData("../x", null, "cannot name a release")]
    [InlineData("broken", "{", "not the JSON of a release")]
    [InlineData("empty", "{}", "not the JSON of a release")]
    public async Task What_cannot_be_loaded_is_a_rejection_that_says_why(string name, string? json, string words)
    {
        using var blobs = new ObservedBlobStore();
        if (json is not null)
            await blobs.WriteBytesAsync(Release.PathOf(name), Encoding.UTF8.GetBytes(json));

        InspectionRejectedException exception = await Assert.ThrowsAsync<InspectionRejectedException>(() => new ReleaseStore(blobs).GetAsync(name));

        Assert.Equal(ReasonCode.InvalidRelease, exception.Reason.Code);
        Assert.Contains(words, exception.Reason.Message);
    }

    [Fact]
    public async Task A_faulty_release_and_missing_weights_are_rejections_too()
    {
        using var blobs = new ObservedBlobStore();
        await blobs.WriteJsonAsync(Release.PathOf("other"), SomeRelease() with { Grid = 0 });
        await blobs.WriteBytesAsync(new BlobPath(BlobContainers.Releases, "demo/a-0.safetensors"), [1]);
        var store = new ReleaseStore(blobs);

        InspectionRejectedException faulty = await Assert.ThrowsAsync<InspectionRejectedException>(() => store.GetAsync("other"));
        InspectionRejectedException missing = await Assert.ThrowsAsync<InspectionRejectedException>(() => store.RequireWeightsAsync(SomeRelease()));

        Assert.Contains("grid is 0", faulty.Message);
        Assert.Contains("name is 'demo'", faulty.Message);
        Assert.Contains("releases/demo/a-1.safetensors", missing.Message);
        Assert.DoesNotContain("a-0", missing.Message);
    }
}
