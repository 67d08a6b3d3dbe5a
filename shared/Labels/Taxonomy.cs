namespace CloudPipe.Labels;

/// <summary>The classes that a release scores, in the order of its networks' outputs.</summary>
/// <param name="Name">For example <c>qv-pipe</c>.</param>
/// <param name="Classes">In order of their index.</param>
/// <param name="NormalIndex">The class that means 'no defect' (ZC), which never stands with another; <see langword="null"/> when there is none.</param>
public sealed record Taxonomy(string Name, IReadOnlyList<DefectClass> Classes, int? NormalIndex)
{
    /// <summary>How many classes.</summary>
    public int Count => Classes.Count;
}
