namespace CloudPipe.Datasets;

/// <summary>How far an import is.</summary>
/// <param name="Completed">Samples that are cut or given up.</param>
/// <param name="Total">All samples.</param>
/// <param name="Sample">The last one's name.</param>
public sealed record ImportProgress(int Completed, int Total, string Sample);
