using CloudPipe.Familiarity;
using CloudPipe.Inspections;

namespace CloudPipe.Ensembling;

/// <summary>
/// Turns the predictions of an ensemble's members into one inspection's defects: folds of one architecture are averaged,
/// architectures are averaged by their weights, the averages are calibrated where the release says how, segments are
/// aggregated, and the ZC rule has the last word. A pure function: the order of the predictions changes no bit of the outcome.
/// </summary>
public static class EnsembleReducer
{
    /// <summary>Reduces an inspection's predictions.</summary>
    /// <param name="release">The release that scored.</param>
    /// <param name="plan">The inspection's plan.</param>
    /// <param name="predictions">One per shard and member group, in any order.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="InvalidDataException">A prediction is missing, is there twice, or has the wrong shape or a value outside 0..1.</exception>
    public static EnsembleScores Reduce(Release release, InspectionPlan plan, IEnumerable<ShardPrediction> predictions)
    {
        int classCount = release.Taxonomy.Count;
        ShardPrediction[] parts = [.. predictions];
        float[][][] members = ByMember(release, plan, parts);
        double?[] familiarities = release.Familiarity is null ? new double?[plan.Segments.Count] : Familiarities(plan, parts);
        double[][] timeline =
        [
            .. plan.Segments.Select((_, segment) => AverageMembers(release.Members, members, segment, classCount)
                .Select((probability, index) => release.PostProcessing.Calibrate(index, probability)).ToArray()),
        ];
        double[] probabilities = Aggregate(timeline, release.PostProcessing.Aggregation, release.Taxonomy.NormalIndex);
        release.PostProcessing.ApplyNormalRule(probabilities, release.Taxonomy.NormalIndex);

        LabelScore[] labels = [.. release.Taxonomy.Classes.Select((entry, index) => new LabelScore(index, entry.Code, entry.Name, probabilities[index]))];
        LabelScore[] defects = [.. labels
            .Where(label => label.Index != release.Taxonomy.NormalIndex && label.Probability >= release.PostProcessing.ThresholdOf(label.Index))
            .OrderByDescending(label => label.Probability)
            .ThenBy(label => label.Index)];
        SegmentScore[] segments = [.. plan.Segments.Select((segment, index) =>
            new SegmentScore(segment.Index, segment.StartSeconds, segment.EndSeconds, timeline[index]) { Familiarity = familiarities[index] })];
        double[] known = [.. familiarities.OfType<double>()];
        return new EnsembleScores(labels, defects, segments) { Familiarity = known.Length > 0 ? FamiliarityModel.OfInspection(known) : null };
    }

    // [member][segment][class]
    private static float[][][] ByMember(Release release, InspectionPlan plan, IEnumerable<ShardPrediction> predictions)
    {
        float[][][] members = [.. release.Members.Select(_ => new float[plan.Segments.Count][])];
        foreach (ShardPrediction prediction in predictions)
        {
            string where = $"The prediction of shard {prediction.ShardIndex}, group {prediction.GroupIndex} of inspection '{plan.InspectionId}'";
            if (prediction.InspectionId != plan.InspectionId || prediction.ShardIndex < 0 || prediction.ShardIndex >= plan.Shards.Count)
                throw new InvalidDataException($"{where} belongs to '{prediction.InspectionId}', or the plan has no such shard.");

            Shard shard = plan.Shards[prediction.ShardIndex];
            foreach (MemberPrediction member in prediction.Members)
            {
                if (member.MemberIndex < 0 || member.MemberIndex >= members.Length)
                    throw new InvalidDataException($"{where} names member {member.MemberIndex}; the release '{release.Name}' has {members.Length}.");
                if (member.Probabilities.Count != shard.SegmentCount)
                    throw new InvalidDataException($"{where} has {member.Probabilities.Count} segments of member {member.MemberIndex}; the shard has {shard.SegmentCount}.");

                for (int i = 0; i < shard.SegmentCount; i++)
                {
                    ref float[]? row = ref members[member.MemberIndex][shard.FirstSegment + i]!;
                    if (row is not null)
                        throw new InvalidDataException($"{where} has member {member.MemberIndex}, whose scores of segment {shard.FirstSegment + i} are there already.");

                    row = [.. member.Probabilities[i]];
                    if (row.Length != release.Taxonomy.Count || !row.All(value => value is >= 0 and <= 1))
                        throw new InvalidDataException($"{where} has a row of member {member.MemberIndex} that is not {release.Taxonomy.Count} probabilities of 0..1.");
                }
            }
        }

        for (int member = 0; member < members.Length; member++)
        {
            int missing = Array.FindIndex(members[member], row => row is null);
            if (missing >= 0)
                throw new InvalidDataException($"Inspection '{plan.InspectionId}' lacks the scores of member {member} ({release.Members[member].Architecture}, fold {release.Members[member].Fold}) for segment {missing}.");
        }

        return members;
    }

    // By segment; null where no member told, as in predictions that were written before the release had statistics.
    private static double?[] Familiarities(InspectionPlan plan, IReadOnlyList<ShardPrediction> predictions)
    {
        List<(int Member, double Familiarity)>[] told = [.. plan.Segments.Select(_ => new List<(int, double)>())];
        foreach (ShardPrediction prediction in predictions)
        {
            Shard shard = plan.Shards[prediction.ShardIndex];
            foreach (MemberPrediction member in prediction.Members.Where(member => member.Familiarities is not null))
            {
                if (member.Familiarities!.Count != shard.SegmentCount || !member.Familiarities.All(value => value is >= 0 and <= 1))
                    throw new InvalidDataException($"The prediction of shard {prediction.ShardIndex}, group {prediction.GroupIndex} of inspection '{plan.InspectionId}' has familiarities of member {member.MemberIndex} that are not {shard.SegmentCount} values of 0..1.");

                for (int i = 0; i < shard.SegmentCount; i++)
                    told[shard.FirstSegment + i].Add((member.MemberIndex, member.Familiarities[i]));
            }
        }

        // In the members' order, whatever the predictions': sums round by it.
        return [.. told.Select(segment => segment.Count == 0 ? (double?)null : FamiliarityModel.OfSegment(segment.OrderBy(entry => entry.Member).Select(entry => entry.Familiarity)))];
    }

    private static double[] AverageMembers(IReadOnlyList<Member> members, float[][][] scores, int segment, int classCount)
    {
        var models = members.Select((member, index) => (member, index)).GroupBy(entry => entry.member.Architecture, StringComparer.Ordinal).ToList();
        double total = models.Sum(folds => folds.First().member.Weight);
        if (!(total > 0) || double.IsInfinity(total))
            throw new InvalidDataException($"The weights of the ensemble's models sum to {total}; they must sum to a positive number.");

        double[] average = new double[classCount];
        foreach (var folds in models)
        {
            double weight = folds.First().member.Weight;
            int foldCount = folds.Count();
            for (int c = 0; c < classCount; c++)
                average[c] += weight * (folds.Sum(entry => (double)scores[entry.index][segment][c]) / foldCount);
        }

        // A sum of products may pass 1 in its last bit.
        return [.. average.Select(sum => Math.Min(sum / total, 1))];
    }

    private static double[] Aggregate(double[][] timeline, SegmentAggregation aggregation, int? normalIndex)
    {
        if (timeline.Length == 0)
            throw new InvalidDataException("An inspection has at least one segment; this plan has none.");

        return [.. Enumerable.Range(0, timeline[0].Length).Select(c =>
        {
            double[] column = [.. timeline.Select(row => row[c])];

            // A survey is normal only where all of it is: the least normal segment speaks for it.
            return c == normalIndex ? column.Min() : aggregation switch
            {
                SegmentAggregation.Max => column.Max(),
                SegmentAggregation.Mean => column.Average(),
                SegmentAggregation.Median => Median(column),
                _ => throw new InvalidDataException($"The aggregation {aggregation} is not known."),
            };
        })];
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
