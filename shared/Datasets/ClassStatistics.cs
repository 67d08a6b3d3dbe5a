using CloudPipe.Labels;

namespace CloudPipe.Datasets;

/// <summary>How often a class occurs.</summary>
/// <param name="Index">The class.</param>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it means for the pipe.</param>
/// <param name="Samples">How many samples have it.</param>
/// <param name="Share">The share of all samples, 0..1.</param>
public sealed record ClassStatistics(int Index, string Code, string Name, DefectKind Kind, int Samples, double Share);
