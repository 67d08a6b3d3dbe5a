using CloudPipe.Labels;

namespace CloudPipe.Datasets;

/// <summary>Collects what is wrong with a label file, so that a person mends all of it at once.</summary>
/// <param name="file">The file, as a person knows it.</param>
internal sealed class LabelFaults(string file)
{
    // More would hide the first ones.
    private const int MostShown = 20;

    private readonly List<string> _shown = [];
    private int _count;

    /// <summary>Notes a fault.</summary>
    public void Add(string fault)
    {
        if (_count++ < MostShown)
        {
            _shown.Add(fault);
        }
    }

    /// <summary>Notes a name that is no file below the folder of videos.</summary>
    /// <returns>Whether the name is one.</returns>
    public bool CheckName(string where, string name)
    {
        bool isFile = name.Length > 0 && !name.EndsWith('/') && !name.Any(char.IsControl);
        bool leaves = name.StartsWith('/') || name.Split('/', '\\').Contains("..");
        if (!isFile)
        {
            Add($"{where} names no file: '{name}'. Write the file's name as it stands in the folder.");
        }
        else if (leaves)
        {
            Add($"{where} names '{name}', which lies outside of the folder. Write a path below it.");
        }

        return isFile && !leaves;
    }

    /// <summary>Notes the normal class beside another.</summary>
    public void CheckNormal(string where, IReadOnlyCollection<int> labels, Taxonomy taxonomy)
    {
        if (taxonomy.NormalIndex is int normal && labels.Count > 1 && labels.Contains(normal))
        {
            Add($"{where} has the normal class {taxonomy.Classes[normal].Code} ({normal}) beside {string.Join(", ", labels.Where(label => label != normal))}: normal never stands with a defect.");
        }
    }

    /// <summary>Ends the reading of a faulty file.</summary>
    /// <exception cref="InvalidDataException">There are faults: the message lists the first of them.</exception>
    public void ThrowIfAny()
    {
        if (_count > 0)
        {
            string rest = _count > _shown.Count ? $"\n  … and {_count - _shown.Count} more" : string.Empty;
            throw new InvalidDataException(_count == 1 ? $"{file}: {_shown[0]}" : $"{file} has {_count} faults:\n  {string.Join("\n  ", _shown)}{rest}");
        }
    }

    /// <summary>Ends the reading of a file of which nothing can be understood.</summary>
    public InvalidDataException Fatal(string fault, Exception? innerException = null) => new($"{file}: {fault}", innerException);
}
