using System.Globalization;

namespace CloudPipe.Labels;

/// <summary>The classes that a release scores, in the order of its networks' outputs.</summary>
/// <param name="Name">For example <c>qv-pipe</c>.</param>
/// <param name="Classes">In order of their index.</param>
/// <param name="NormalIndex">The class that means 'no defect' (ZC), which never stands with another; <see langword="null"/> when there is none.</param>
public sealed record Taxonomy(string Name, IReadOnlyList<DefectClass> Classes, int? NormalIndex)
{
    /// <summary>How many classes.</summary>
    public int Count => Classes.Count;

    /// <summary>Finds a class by what a person calls it.</summary>
    /// <param name="text">A code or a name, whatever its case, or an index.</param>
    /// <returns>The class's index, or <see langword="null"/>.</returns>
    public int? Find(string text)
    {
        for (int index = 0; index < Count; index++)
        {
            if (string.Equals(Classes[index].Code, text, StringComparison.OrdinalIgnoreCase) || string.Equals(Classes[index].Name, text, StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < Count ? number : null;
    }
}
