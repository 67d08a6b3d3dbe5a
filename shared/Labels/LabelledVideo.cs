namespace CloudPipe.Labels;

/// <summary>One video of a data set with its classes.</summary>
/// <param name="Name">The video's name, for example <c>d16427.mp4</c>.</param>
/// <param name="Labels">The indices of its classes in the taxonomy, ascending, each once; may be empty.</param>
public sealed record LabelledVideo(string Name, IReadOnlyList<int> Labels);
