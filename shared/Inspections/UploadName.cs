using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>Checks the names under which a program asks to upload: stricter than what a person may drop, since nobody looks at them.</summary>
public static class UploadName
{
    /// <summary>The longest name, in characters: the sidecar's is longer, and no blob name is longer than 1,024.</summary>
    public const int LongestName = 1000;

    /// <summary>Checks a name.</summary>
    /// <param name="name">The name that the upload is to have in the inspections container; <c>/</c> between its parts.</param>
    /// <returns>What is wrong and what to do, or <see langword="null"/> when nothing is.</returns>
    public static string? FindFault(string name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return $"It has {name.Length} characters; 1 to {LongestName} are accepted.";
        }

        if (!BlobNames.IsWellFormed(name) || name.Any(character => char.IsControl(character) || character == '\\'))
        {
            return "It holds a backslash, a control character or half a surrogate pair; put '/' between the parts of a name.";
        }

        // Azure drops a full stop at a part's end, so that the blob would have another name than the plan.
        if (name.Split('/').Any(part => part.Length == 0 || part[0] == '.' || part[^1] == '.'))
        {
            return "Every part between slashes must have a character, and none may begin or end with a full stop.";
        }

        return UploadFilter.IsVideo(name) ? null : $"It is no video by its name; it must end in {string.Join(", ", UploadFilter.Extensions)}.";
    }
}
