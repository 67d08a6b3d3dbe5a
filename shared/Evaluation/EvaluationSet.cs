namespace CloudPipe.Evaluation;

/// <summary>Samples that no network trained on, and what every network said of them.</summary>
/// <param name="SampleNames">The samples.</param>
/// <param name="Labels">Per sample the indices of its classes.</param>
/// <param name="Members">One entry per architecture and fold of the run.</param>
public sealed record EvaluationSet(
    IReadOnlyList<string> SampleNames,
    IReadOnlyList<IReadOnlyList<int>> Labels,
    IReadOnlyList<EvaluationPredictions> Members);
