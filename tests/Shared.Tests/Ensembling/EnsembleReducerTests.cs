using CloudPipe.Ensembling;
using CloudPipe.Familiarity;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using static CloudPipe.Shared.Tests.Doubles.Samples;

namespace CloudPipe.Shared.Tests.Ensembling;

public class EnsembleReducerTests
{
    [Fact]
    public void Folds_are_averaged_first_then_models_by_their_weights()
    {
        // a: (0.2 + 0.4) / 2 = 0.3, weight 1; b: 0.9, weight 3; (0.3 + 2.7) / 4 = 0.75.
        Release release = SomeRelease(Member("a", 0, 1), Member("a", 1, 1), Member("b", 0, 3));
        InspectionPlan plan = Plan([1]);

        EnsembleScores scores = Reduce(release, plan, [[[0.25f, 0.25f, 0]], [[0.5f, 0.5f, 0]], [[0.75f, 0.875f, 0]]]);

        Assert.Equal(((0.25 + 0.5) / 2 + (3 * 0.75)) / 4, scores.Labels[0].Probability, 1e-15);
        Assert.Equal(((0.25 + 0.5) / 2 + (3 * 0.875)) / 4, scores.Labels[1].Probability, 1e-15);
        Assert.Equal(0, scores.Labels[2].Probability);
        Assert.Equal(["CK"], scores.Defects.Select(defect => defect.Code));
    }

    [Fact]
    public void A_model_of_weight_zero_has_no_say()
    {
        Release release = SomeRelease(Member("a", 0, 0), Member("b", 0, 0.1));

        EnsembleScores scores = Reduce(release, Plan([1]), [[[1, 1, 1]], [[0, 0.5f, 0.25f]]]);

        Assert.Equal([0, 0.5, 0.25], scores.Labels.Select(label => label.Probability));
    }

    [Theory]
    [InlineData(SegmentAggregation.Max, new[] { 0.125, 0.75, 0.5 })]
    [InlineData(SegmentAggregation.Mean, new[] { 0.125, 0.4375, 0.28125 })]
    [InlineData(SegmentAggregation.Median, new[] { 0.125, 0.4375, 0.3125 })]
    public void Segments_are_aggregated_and_the_normal_class_takes_the_minimum(SegmentAggregation aggregation, double[] expected)
    {
        Release release = SomeRelease(Member("a", 0)) with { PostProcessing = new PostProcessing(aggregation) };
        InspectionPlan plan = Plan([2, 2]);

        EnsembleScores scores = Reduce(release, plan, [[[0.5f, 0.125f, 0], [0.125f, 0.75f, 0.125f], [1, 0.625f, 0.5f], [0.25f, 0.25f, 0.5f]]]);

        Assert.Equal(expected, scores.Labels.Select(label => label.Probability));
        Assert.Equal([0, 60, 120, 180], scores.Segments.Select(segment => segment.StartSeconds));
        Assert.Equal([0.125, 0.75, 0.125], scores.Segments[1].Probabilities);
    }

    [Fact]
    public void The_median_of_an_odd_number_is_the_middle_one()
    {
        Release release = SomeRelease(Member("a", 0)) with { PostProcessing = new PostProcessing(SegmentAggregation.Median) };

        EnsembleScores scores = Reduce(release, Plan([3]), [[[0, 0.75f, 0], [0, 0.125f, 0], [0, 0.5f, 0]]]);

        Assert.Equal(0.5, scores.Labels[1].Probability);
    }

    [Theory]
    [InlineData(0.95f, true)]
    [InlineData(0.9375f, true)]
    [InlineData(0.5f, false)]
    public void Above_its_threshold_the_normal_class_rules_all_others_out(float normal, bool ruled)
    {
        Release release = SomeRelease(Member("a", 0));

        EnsembleScores scores = Reduce(release, Plan([1]), [[[normal, 0.75f, 0.25f]]]);

        Assert.Equal(ruled ? [1, 0, 0] : new double[] { normal, 0.75, 0.25 }, scores.Labels.Select(label => label.Probability));
        Assert.Equal(ruled ? 0 : 1, scores.Defects.Count);

        // The timeline keeps what the networks said.
        Assert.Equal([normal, 0.75, 0.25], scores.Segments[0].Probabilities);
    }

    [Fact]
    public void At_its_threshold_the_normal_class_does_not_rule_yet_and_a_defect_is_one_already()
    {
        Release release = SomeRelease(Member("a", 0)) with { PostProcessing = new PostProcessing(NormalThreshold: 0.75, DefectThreshold: 0.5) };

        EnsembleScores scores = Reduce(release, Plan([1]), [[[0.75f, 0.5f, 0.25f]]]);

        Assert.Equal(0.75, scores.Labels[0].Probability);
        Assert.Equal(["CK"], scores.Defects.Select(defect => defect.Code));
    }

    [Fact]
    public void A_class_may_have_a_threshold_of_its_own()
    {
        Release release = SomeRelease(Member("a", 0)) with { PostProcessing = new PostProcessing(DefectThresholds: [0.5, 0.75, 0.25]) };

        EnsembleScores scores = Reduce(release, Plan([1]), [[[0.5f, 0.625f, 0.25f]]]);

        Assert.Equal(["SG"], scores.Defects.Select(defect => defect.Code));
    }

    [Fact]
    public void A_temperature_divides_the_logit_of_the_average_before_the_normal_rule()
    {
        // The average of 0.25 and 0.75 is 0.5 whatever the temperature: members' own logits are not scaled.
        // 0.95 has the odds 19; their square root is 4.36, so 0.813, which is not above 0.9.
        Release release = SomeRelease(Member("a", 0), Member("a", 1)) with { PostProcessing = new PostProcessing(Temperatures: [2, 0.5, 1]) };

        EnsembleScores scores = Reduce(release, Plan([1]), [[[0.95f, 0.25f, 0.125f]], [[0.95f, 0.75f, 0.625f]]]);

        double odds = Math.Sqrt(0.95f / (1 - (double)0.95f));
        Assert.Equal([odds / (1 + odds), 0.5, 0.375], scores.Labels.Select(label => label.Probability), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(scores.Labels.Select(label => label.Probability), scores.Segments[0].Probabilities);
    }

    [Fact]
    public void A_temperature_of_1_changes_no_bit()
    {
        float[][][] rows = [[[0.1f, 0.3f, 0.7f]], [[0.2f, 0.9f, 0.4f]]];
        Release release = SomeRelease(Member("a", 0, 0.1), Member("b", 0, 0.2));

        Assert.Equal(
            Reduce(release, Plan([1]), rows).Labels,
            Reduce(release with { PostProcessing = new PostProcessing(Temperatures: [1, 1, 1]) }, Plan([1]), rows).Labels);
    }

    [Fact]
    public void Defects_come_most_probable_first_and_never_with_the_normal_class()
    {
        EnsembleScores scores = Reduce(SomeRelease(Member("a", 0)), Plan([1]), [[[0.875f, 0.5f, 0.75f]]]);

        Assert.Equal(["SG", "CK"], scores.Defects.Select(defect => defect.Code));
    }

    [Fact]
    public void A_taxonomy_without_a_normal_class_is_aggregated_like_any_other()
    {
        Taxonomy taxonomy = ThreeClasses with { Classes = [.. ThreeClasses.Classes.Select(entry => entry with { Kind = DefectKind.Structural })], NormalIndex = null };
        Release release = SomeRelease(Member("a", 0)) with { Taxonomy = taxonomy };

        EnsembleScores scores = Reduce(release, Plan([2]), [[[0.25f, 0.5f, 0], [0.95f, 0.25f, 0]]]);

        Assert.Equal([0.95f, 0.5, 0], scores.Labels.Select(label => label.Probability));
    }

    [Fact]
    public void The_order_of_the_predictions_changes_no_bit()
    {
        Release release = SomeRelease(Member("a", 0, 0.1), Member("a", 1, 0.1), Member("b", 0, 0.2), Member("c", 0, 0.15));
        InspectionPlan plan = Plan([2, 1, 3], groups: 4);
        var random = new Random(5);
        ShardPrediction[] predictions = [.. plan.Shards.SelectMany(shard => Enumerable.Range(0, 4).Select(group =>
            Prediction(plan, shard.Index, group, random.NextSingle(), random.NextSingle(), random.NextSingle())))];

        EnsembleScores first = EnsembleReducer.Reduce(release, plan, predictions);
        random.Shuffle(predictions);
        EnsembleScores second = EnsembleReducer.Reduce(release, plan, predictions);

        Assert.Equal(first.Labels, second.Labels);
        Assert.Equal(first.Segments.SelectMany(segment => segment.Probabilities), second.Segments.SelectMany(segment => segment.Probabilities));
    }

    [Fact]
    public void Certainty_stays_certainty_whatever_the_weights()
    {
        Release release = SomeRelease([.. Enumerable.Range(0, 7).Select(index => Member($"m{index}", 0, 0.1))]);

        EnsembleScores scores = Reduce(release, Plan([1]), [.. Enumerable.Range(0, 7).Select(_ => new[] { new[] { 0f, 1f, 0.5f } })]);

        Assert.Equal([0, 1, 0.5], scores.Labels.Select(label => label.Probability), (a, b) => Math.Abs(a - b) < 1e-15 && b <= 1);
    }

    public static TheoryData<ShardPrediction[], string> Faults()
    {
        InspectionPlan plan = Plan([1, 1]);
        ShardPrediction sound = Prediction(plan, 0, 0, 0, 0, 0);
        ShardPrediction second = Prediction(plan, 1, 0, 0, 0, 0);
        return new TheoryData<ShardPrediction[], string>
        {
            { [sound], "lacks the scores of member 0 (a, fold 0) for segment 1" },
            { [sound, sound, second], "already" },
            { [sound, second with { ShardIndex = 2 }], "no such shard" },
            { [sound, second with { InspectionId = "other" }], "other" },
            { [sound, second with { Members = [new MemberPrediction(5, [[0, 0, 0]])] }], "names member 5" },
            { [sound, second with { Members = [new MemberPrediction(0, [[0, 0, 0], [0, 0, 0]])] }], "2 segments" },
            { [sound, second with { Members = [new MemberPrediction(0, [[0, 0]])] }], "3 probabilities" },
            { [sound, second with { Members = [new MemberPrediction(0, [[0, float.NaN, 0]])] }], "3 probabilities" },
            { [sound, second with { Members = [new MemberPrediction(0, [[0, 1.5f, 0]])] }], "3 probabilities" },
        };
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_prediction_is_named(ShardPrediction[] predictions, string words)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() =>
            EnsembleReducer.Reduce(SomeRelease(Member("a", 0)), Plan([1, 1]), predictions));
        Assert.Contains(words, exception.Message);
    }

    [Fact]
    public void Familiarity_is_the_members_mean_a_segment_and_the_median_segment_s_of_an_inspection()
    {
        EnsembleScores scores = EnsembleReducer.Reduce(Telling(2), Plan([2, 1]), [Told(1, [0.25], [0.5]), Told(0, [0.5, 0], [1, 0.125])]);

        Assert.Equal([0.75, 0.0625, 0.375], scores.Segments.Select(segment => segment.Familiarity));
        Assert.Equal(0.375, scores.Familiarity);
    }

    [Fact]
    public void Without_familiarity_in_the_release_or_the_predictions_it_is_absent_and_what_is_there_counts()
    {
        ShardPrediction[] old = [Told(0, null, null), Told(1, null, null)];
        ShardPrediction[] mixed = [Told(0, null, [0.25, 0.5]), Told(1, null, null)];

        EnsembleScores silent = EnsembleReducer.Reduce(Telling(2) with { Familiarity = null }, Plan([2, 1]), mixed);
        EnsembleScores before = EnsembleReducer.Reduce(Telling(2), Plan([2, 1]), old);
        EnsembleScores partly = EnsembleReducer.Reduce(Telling(2), Plan([2, 1]), mixed);

        Assert.All([silent, before], scores => Assert.Null(scores.Familiarity));
        Assert.All(silent.Segments.Concat(before.Segments), segment => Assert.Null(segment.Familiarity));
        Assert.Equal([0.25, 0.5, null], partly.Segments.Select(segment => segment.Familiarity));
        Assert.Equal(0.25, partly.Familiarity);
    }

    [Theory]
    [InlineData(new[] { 0.5 })]
    [InlineData(new[] { 0.5, 1.5 })]
    [InlineData(new[] { 0.5, double.NaN })]
    public void Faulty_familiarities_are_named(double[] familiarities)
    {
        var exception = Assert.Throws<InvalidDataException>(() =>
            EnsembleReducer.Reduce(Telling(1), Plan([2, 1]), [Told(0, familiarities), Told(1, [0.5])]));

        Assert.Contains("familiarities of member 0 that are not 2 values", exception.Message);
    }

    private static Release Telling(int members) => SomeRelease([.. Enumerable.Range(0, members).Select(fold => Member("a", fold))]) with
    {
        Familiarity = new FamiliarityModel([new FeatureStatistics("a", 0, 0, [1], [0], [1], [0, 1])]),
    };

    // One group that holds every member, on a shard of Plan([2, 1]).
    private static ShardPrediction Told(int shard, params double[]?[] familiarities) => new(
        Plan([2, 1]).InspectionId,
        shard,
        0,
        [.. familiarities.Select((values, member) => new MemberPrediction(member, shard == 0 ? [[0, 0, 0], [0, 0, 0]] : [[0, 0, 0]]) { Familiarities = values })]);

    // One group that holds every member; rows by [member][segment][class].
    private static EnsembleScores Reduce(Release release, InspectionPlan plan, float[][][] rows) =>
        EnsembleReducer.Reduce(release, plan, plan.Shards.Select(shard => new ShardPrediction(
            plan.InspectionId, shard.Index, 0,
            [.. rows.Select((segments, member) => new MemberPrediction(member, segments[shard.FirstSegment..(shard.FirstSegment + shard.SegmentCount)]))])));
}
