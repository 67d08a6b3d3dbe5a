using CloudPipe.Ensembling;
using CloudPipe.Labels;

namespace CloudPipe.Evaluation;

/// <summary>What a training run came to. A pure function of its predictions: the same predictions give the same report.</summary>
/// <param name="Taxonomy">The classes.</param>
/// <param name="Samples">How many training samples.</param>
/// <param name="EvaluationSamples">How many samples the evaluation set has; <see langword="null"/> without one.</param>
/// <param name="Folds">Per network and fold (Table 6 of the papers), by architecture, then fold.</param>
/// <param name="Models">Per architecture (Table 2), in the order in which the run names them.</param>
/// <param name="Ensembles">Per way of weighing (Table 3); only the equal one where there is one architecture.</param>
/// <param name="Recommended">The simplest way whose honest estimate is the highest, or below it by no more than one standard error of the folds' differences. All that follows is of its ensemble.</param>
/// <param name="NormalRule">The ZC rule at several thresholds, ascending; none where the taxonomy has no normal class.</param>
/// <param name="Classes">Per class.</param>
/// <param name="CoErrors">Which classes are taken for which others, at the chosen thresholds.</param>
/// <param name="Calibration">How far the probabilities can be taken at their word.</param>
/// <param name="PostProcessing">The temperatures and thresholds for a release, chosen on all samples.</param>
public sealed record EvaluationReport(
    Taxonomy Taxonomy,
    int Samples,
    int? EvaluationSamples,
    IReadOnlyList<FoldScore> Folds,
    IReadOnlyList<ModelScore> Models,
    IReadOnlyList<EnsembleScore> Ensembles,
    EnsembleWeighting Recommended,
    IReadOnlyList<NormalRuleScore> NormalRule,
    IReadOnlyList<ClassScore> Classes,
    CoErrors CoErrors,
    CalibrationReport Calibration,
    PostProcessing PostProcessing)
{
    /// <summary>The version of the file's form.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The recommended ensemble's row.</summary>
    /// <returns>The row.</returns>
    public EnsembleScore RecommendedEnsemble() => Ensembles.Single(ensemble => ensemble.Weighting == Recommended);
}
