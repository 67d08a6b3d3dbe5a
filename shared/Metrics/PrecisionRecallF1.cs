namespace CloudPipe.Metrics;

/// <summary>Means over classes.</summary>
/// <param name="Precision">Of the precisions, 0..1.</param>
/// <param name="Recall">Of the recalls, 0..1.</param>
/// <param name="F1">Of the F1 scores, 0..1.</param>
public sealed record PrecisionRecallF1(double Precision, double Recall, double F1);
