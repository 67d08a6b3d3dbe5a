using CloudPipe.Familiarity;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Methods;
using CloudPipe.Metrics;

namespace CloudPipe.Ensembling;

/// <summary>Checks that a release can score: one message per fault, none when it is sound.</summary>
public static class ReleaseValidator
{
    /// <summary>The largest super-image side in pixels that a release may ask for.</summary>
    public const int LargestSide = 8192;

    // What Shards.TileDecoder takes memory for.
    private const int LargestTile = 2048;

    // A segment's decoded frames, in bytes; a worker holds those of a shard at once.
    private const long LargestSegment = 1L << 30;

    private const int NewestSchemaVersion = 1;

    /// <summary>Whether a text may name a release: it becomes a blob's name.</summary>
    /// <param name="name">The text.</param>
    /// <returns>Whether it has 1 to 64 characters of a-z, 0-9, hyphen and dot and starts with a letter or digit.</returns>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '.');

    /// <summary>Checks a release.</summary>
    /// <param name="release">The release.</param>
    /// <returns>The faults, each a sentence for the person who wrote it.</returns>
    public static IReadOnlyList<string> Validate(Release release) =>
        [.. ValidateForm(release), .. ValidateFrames(release), .. ValidateTaxonomy(release.Taxonomy), .. ValidateMembers(release), .. ValidatePostProcessing(release.PostProcessing, release.Taxonomy.Count), .. ValidateFamiliarity(release)];

    private static IEnumerable<string> ValidateForm(Release release)
    {
        if (release.SchemaVersion is < 1 or > NewestSchemaVersion)
            yield return $"schemaVersion is {release.SchemaVersion}; this version of CloudPipe reads {NewestSchemaVersion}.";
        if (!IsName(release.Name))
            yield return $"name '{release.Name}' must be 1 to 64 characters of a-z, 0-9, hyphen and dot, starting with a letter or digit.";
        if (release.Grid is < 1 or > 8)
            yield return $"grid is {release.Grid}; it must be 1 to 8 tiles per side.";
        if (!(release.SegmentSeconds is > 0 and <= 86_400))
            yield return $"segmentSeconds is {release.SegmentSeconds}; it must be above 0 and at most 86400.";
        if (release.Mean.Count != 3 || !release.Mean.All(double.IsFinite))
            yield return $"mean has {release.Mean.Count} values; it must have 3 numbers (red, green, blue).";
        if (release.StandardDeviation.Count != 3 || !release.StandardDeviation.All(value => double.IsFinite(value) && value > 0))
            yield return $"standardDeviation has {release.StandardDeviation.Count} values; it must have 3 numbers above 0 (red, green, blue).";
    }

    private static IEnumerable<string> ValidateFrames(Release release)
    {
        int tiles = release.Grid * release.Grid;
        if (!Enum.IsDefined(release.Sampling))
            yield return $"sampling is {release.Sampling}; use uniform, sequence or dense.";
        else if (release.Frames is { } frames && !SuperImageFrames.CanBe(frames, Math.Max(1, tiles), release.Sampling))
            yield return release.Sampling == FrameSampling.Uniform
                ? $"frames is {frames}; uniform sampling takes one for each of the grid's {tiles} tiles. Leave it out, or sample densely or in sequence."
                : $"frames is {frames}; it must be a multiple of the grid's {tiles} tiles, up to {SuperImageFrames.Most}.";

        if (release.TestTimeAugmentation is { RearrangesSuperImages: true } && release.Members.OfType<Member>().FirstOrDefault(member => member.Method is not null) is { } other)
            yield return $"testTimeAugmentation.shuffle and .resample are of super-images, and '{other.Architecture}' has the method {other.Method!.Kind}: leave them out; flip is of every method.";
        foreach (string fault in release.TestTimeAugmentation?.Faults(release.FrameCount, tiles) ?? [])
            yield return fault;

        long pixels = release.Members.OfType<Member>().Select(member => (long)member.TileSize * member.TileSize).DefaultIfEmpty(0).Max();
        if (pixels * 3 > LargestSegment / Math.Max(1, release.FrameCount))
            yield return $"{release.FrameCount} frames of a segment take more than {LargestSegment} bytes at the members' tileSize: ask for fewer frames or smaller tiles.";
    }

    private static IEnumerable<string> ValidateTaxonomy(Taxonomy taxonomy)
    {
        if (taxonomy.Count == 0)
            yield return "taxonomy has no classes.";
        if (taxonomy.NormalIndex is int normal && (normal < 0 || normal >= taxonomy.Count))
            yield return $"taxonomy.normalIndex is {normal}; the classes are 0 to {taxonomy.Count - 1}.";

        for (int i = 0; i < taxonomy.Count; i++)
        {
            DefectClass? entry = taxonomy.Classes[i];
            if (entry is null || string.IsNullOrWhiteSpace(entry.Code) || string.IsNullOrWhiteSpace(entry.Name))
                yield return $"taxonomy.classes[{i}] lacks its code or name.";
            else if ((entry.Kind == DefectKind.Normal) != (i == taxonomy.NormalIndex))
                yield return $"taxonomy.classes[{i}] ({entry.Code}) has the kind {entry.Kind}, but normalIndex is {taxonomy.NormalIndex?.ToString() ?? "null"}: exactly the normal class has the kind Normal.";
        }

        foreach (string code in taxonomy.Classes.OfType<DefectClass>().GroupBy(entry => entry.Code, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
            yield return $"taxonomy has the code '{code}' more than once.";
    }

    private static IEnumerable<string> ValidateMembers(Release release)
    {
        if (release.Members.Count == 0)
        {
            yield return "members is empty: a release has at least one network.";
            yield break;
        }

        for (int i = 0; i < release.Members.Count; i++)
        {
            Member? member = release.Members[i];
            if (member is null)
            {
                yield return $"members[{i}] is null.";
                continue;
            }

            if (string.IsNullOrWhiteSpace(member.Architecture))
                yield return $"members[{i}].architecture is empty.";
            if (member.Fold < 0)
                yield return $"members[{i}].fold is {member.Fold}; folds count from 0.";
            if (!IsWeightsName(member.Weights))
                yield return $"members[{i}].weights '{member.Weights}' must be a .safetensors blob's name relative to the releases container, without '..', '\\', '%' or a leading '/'.";
            if (member.TileSize is < 16 or > LargestTile || (long)member.TileSize * release.Grid > LargestSide)
                yield return $"members[{i}].tileSize is {member.TileSize}; it must be 16 to {LargestTile}, and grid times tileSize at most {LargestSide} pixels.";
            if (!double.IsFinite(member.Weight) || member.Weight < 0)
                yield return $"members[{i}].weight is {member.Weight}; it must be 0 or more.";
            foreach (string fault in member.Method?.Faults() ?? [])
                yield return $"members[{i}].method.{fault}";
            if (member.Method is { Kind: MethodKind.FeatureMemory } && release.FrameCount < 2 * release.Grid * release.Grid)
                yield return $"members[{i}].method is featureMemory, and frames is {release.FrameCount}: it takes several clips, each of the grid's {release.Grid * release.Grid} tiles.";
        }

        foreach (IGrouping<string, Member> model in release.Members.OfType<Member>().GroupBy(member => member.Architecture, StringComparer.Ordinal))
        {
            if (model.Select(member => member.Weight).Distinct().Count() > 1)
                yield return $"The members of architecture '{model.Key}' have different weights; the folds of one architecture share one weight.";
            if (model.Select(member => member.Method).Distinct().Count() > 1)
                yield return $"The members of architecture '{model.Key}' have different methods; the folds of one architecture share one method.";
            foreach (int fold in model.GroupBy(member => member.Fold).Where(group => group.Count() > 1).Select(group => group.Key))
                yield return $"The architecture '{model.Key}' has fold {fold} more than once.";
        }

        for (int i = 0; i < release.Declared.Count; i++)
        {
            DeclaredModel? model = release.Declared[i];
            if (model is null || string.IsNullOrWhiteSpace(model.Architecture))
                yield return $"declared[{i}].architecture is empty.";
            else if (release.Members.Any(member => member?.Architecture == model.Architecture))
                yield return $"declared[{i}] is '{model.Architecture}', which is a member too: remove it from declared.";
            else if (!double.IsFinite(model.Weight) || model.Weight < 0)
                yield return $"declared[{i}].weight is {model.Weight}; it must be 0 or more.";
        }

        if (!(release.Members.OfType<Member>().Sum(member => member.Weight) > 0))
            yield return "The members' weights sum to 0: nothing would score.";
    }

    private static IEnumerable<string> ValidatePostProcessing(PostProcessing postProcessing, int classCount)
    {
        if (!Enum.IsDefined(postProcessing.Aggregation))
            yield return $"postProcessing.aggregation is {postProcessing.Aggregation}; use max, mean or median.";
        if (!(postProcessing.NormalThreshold is > 0 and <= 1))
            yield return $"postProcessing.normalThreshold is {postProcessing.NormalThreshold}; it must be above 0 and at most 1.";
        if (!(postProcessing.DefectThreshold is > 0 and <= 1))
            yield return $"postProcessing.defectThreshold is {postProcessing.DefectThreshold}; it must be above 0 and at most 1.";
        foreach (string fault in ValidatePerClass("defectThresholds", postProcessing.DefectThresholds, classCount, value => value is > 0 and <= 1, "above 0 and at most 1"))
            yield return fault;
        foreach (string fault in ValidatePerClass("temperatures", postProcessing.Temperatures, classCount, value => value is >= TemperatureScaling.Lowest and <= TemperatureScaling.Highest, $"{TemperatureScaling.Lowest} to {TemperatureScaling.Highest}"))
            yield return fault;
    }

    private static IEnumerable<string> ValidatePerClass(string name, IReadOnlyList<double>? values, int classCount, Func<double, bool> isSound, string range)
    {
        if (values is null)
            yield break;
        if (values.Count != classCount)
            yield return $"postProcessing.{name} has {values.Count} values; the taxonomy has {classCount} classes. Give one a class, or leave it out.";
        for (int i = 0; i < values.Count; i++)
        {
            if (!isSound(values[i]))
                yield return $"postProcessing.{name}[{i}] is {values[i]}; it must be {range}.";
        }
    }

    private static IEnumerable<string> ValidateFamiliarity(Release release)
    {
        if (release.Familiarity is not { } familiarity)
            yield break;
        if (!(familiarity.Threshold is >= 0 and < 1))
            yield return $"familiarity.threshold is {familiarity.Threshold}; it must be 0 or more and below 1.";
        if (familiarity.Members.Count == 0)
            yield return "familiarity.members is empty: name at least one network's feature statistics, or leave familiarity out.";
        for (int i = 0; i < familiarity.Members.Count; i++)
        {
            FeatureStatistics? statistics = familiarity.Members[i];
            if (statistics is null)
            {
                yield return $"familiarity.members[{i}] is null.";
                continue;
            }

            foreach (string fault in statistics.Validate())
                yield return $"familiarity.members[{i}].{fault}";
            if (!release.Members.Any(member => member?.Architecture == statistics.Architecture && member.Fold == statistics.Fold))
                yield return $"familiarity.members[{i}] is of {statistics.Architecture}, fold {statistics.Fold}, which is no member.";
            if (familiarity.Members.Take(i).Any(other => other?.Architecture == statistics.Architecture && other.Fold == statistics.Fold))
                yield return $"familiarity.members[{i}] is of {statistics.Architecture}, fold {statistics.Fold}, which is there already.";
        }
    }

    private static bool IsWeightsName(string name) =>
        name.Length <= 1024
        && name.EndsWith(".safetensors", StringComparison.Ordinal)
        && !name.Any(character => char.IsControl(character) || character is '\\' or ':' or '?' or '#' or '%')
        && name.Split('/').All(part => part is not ("" or "." or ".." or ".safetensors") && !part.EndsWith('.') && part.Trim() == part);
}
