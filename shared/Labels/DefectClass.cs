namespace CloudPipe.Labels;

/// <summary>One class of a taxonomy.</summary>
/// <param name="Code">Its code, for example <c>CK</c>.</param>
/// <param name="Name">Its name, for example <c>joint offset</c>.</param>
/// <param name="Kind">What it means for the pipe.</param>
public sealed record DefectClass(string Code, string Name, DefectKind Kind);
