namespace CloudPipe.Inspections;

/// <summary>One class of the taxonomy with its probability.</summary>
/// <param name="Index">The class's index in the taxonomy.</param>
/// <param name="Code">Its code, for example <c>CK</c>.</param>
/// <param name="Name">Its name, for example <c>joint offset</c>.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record LabelScore(int Index, string Code, string Name, double Probability);
