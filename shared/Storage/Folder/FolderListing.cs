namespace CloudPipe.Storage.Folder;

/// <summary>The blob names of one container in ordinal order, read lazily: a page costs the folders it passes through.</summary>
/// <param name="containerFolder">The container's folder.</param>
/// <param name="encodedFolder">Where the encoded names are.</param>
internal sealed class FolderListing(string containerFolder, string encodedFolder)
{
    /// <summary>Names the blobs that start with a prefix and come after a name.</summary>
    /// <param name="prefix">What every name must start with; may be empty.</param>
    /// <param name="after">The last name that is known already; empty for none.</param>
    public IEnumerable<string> Names(string prefix, string after)
    {
        using IEnumerator<string> encoded = EncodedNames(prefix, after).GetEnumerator();
        bool hasEncoded = encoded.MoveNext();
        foreach (string name in PlainNames(containerFolder, string.Empty, prefix, after))
        {
            while (hasEncoded && string.CompareOrdinal(encoded.Current, name) < 0)
            {
                yield return encoded.Current;
                hasEncoded = encoded.MoveNext();
            }

            if (hasEncoded && encoded.Current == name)
            {
                hasEncoded = encoded.MoveNext();
            }

            yield return name;
        }

        while (hasEncoded)
        {
            yield return encoded.Current;
            hasEncoded = encoded.MoveNext();
        }
    }

    private static IEnumerable<string> PlainNames(string folder, string folderName, string prefix, string after)
    {
        foreach (string key in SortedKeys(folder))
        {
            string name = folderName + key;
            if (name == $"{BlobFileNames.Reserved}/")
            {
                continue;
            }

            if (!key.EndsWith('/'))
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(name, after) > 0)
                {
                    yield return name;
                }
            }
            else if (MayHold(name, prefix, after))
            {
                foreach (string inner in PlainNames(Path.Combine(folder, key[..^1]), name, prefix, after))
                {
                    yield return inner;
                }
            }
        }
    }

    // 'a/' sorts where its content does: behind 'a.txt', before 'a0'.
    private static List<string> SortedKeys(string folder)
    {
        var keys = new List<string>();
        try
        {
            foreach (string path in Directory.EnumerateFileSystemEntries(folder))
            {
                string key = Path.GetFileName(path);
                FileStatus? status = FileStatus.Of(path);
                if (status is { IsRegularFile: true })
                {
                    keys.Add(key);
                }
                else if (status is { IsDirectory: true })
                {
                    keys.Add($"{key}/");
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Removed since its parent was read: it holds nothing.
        }

        keys.Sort(string.CompareOrdinal);
        return keys;
    }

    private static bool MayHold(string folderName, string prefix, string after) =>
        (folderName.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(folderName, StringComparison.Ordinal))
        && (after.StartsWith(folderName, StringComparison.Ordinal) || string.CompareOrdinal(folderName, after) > 0);

    // Encoding does not keep the order, so these few are sorted as a whole.
    private List<string> EncodedNames(string prefix, string after)
    {
        var names = PlainNames(encodedFolder, string.Empty, string.Empty, string.Empty)
            .Select(BlobFileNames.Decode)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(name, after) > 0)
            .ToList();
        names.Sort(string.CompareOrdinal);
        return names;
    }
}
