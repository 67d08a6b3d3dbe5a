using CloudPipe.Labels;

namespace CloudPipe.Evaluation;

/// <summary>All that a training run's evaluation looks at: what each network said of the samples that it did not train on.</summary>
/// <param name="Taxonomy">The classes.</param>
/// <param name="SampleNames">The training samples, in the order of the label file: the challenge's metric ranks ties by it.</param>
/// <param name="Labels">Per sample the indices of its classes.</param>
/// <param name="HeldOut">One entry per architecture and fold. Every architecture has the same folds, and every sample is in one.</param>
/// <param name="EvaluationSet">Samples that no network trained on; <see langword="null"/> without any.</param>
public sealed record RunPredictions(
    Taxonomy Taxonomy,
    IReadOnlyList<string> SampleNames,
    IReadOnlyList<IReadOnlyList<int>> Labels,
    IReadOnlyList<HeldOutPredictions> HeldOut,
    EvaluationSet? EvaluationSet = null);
