using System.Security.Cryptography;
using System.Text;

namespace CloudPipe.Inspections;

/// <summary>
/// The id of one upload, content and all: the same upload seen twice has one id, a changed upload a new one.
/// It is safe in a path, a queue message and a URL whatever the blob's name was.
/// </summary>
public static class InspectionId
{
    private const int LongestSlug = 40;

    /// <summary>Derives the id of an upload.</summary>
    /// <param name="blobName">The blob's name in the inspections container.</param>
    /// <param name="etag">The blob's ETag.</param>
    /// <returns>A readable part of the name, a hyphen, and 16 hexadecimal digits, for example <c>vtest-1f0c…</c>.</returns>
    public static string Create(string blobName, string etag)
    {
        // Stores differ in whether they quote an ETag; the id must not.
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{blobName}\n{etag.Trim('"')}"));
        string slug = Slug(blobName);
        string digits = Convert.ToHexStringLower(hash.AsSpan(0, 8));
        return slug.Length == 0 ? digits : $"{slug}-{digits}";
    }

    /// <summary>Whether a text from outside has the form of an id, and so may stand in a path.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it has 1 to 80 characters of a-z, 0-9 and hyphen.</returns>
    public static bool IsWellFormed(string text) =>
        text.Length is > 0 and <= 80 && text.All(character => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private static string Slug(string blobName)
    {
        string stem = Path.GetFileNameWithoutExtension(blobName.Replace('\\', '/').Split('/')[^1]);
        var slug = new StringBuilder(LongestSlug);
        foreach (char character in stem.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                slug.Append(character);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }

            if (slug.Length == LongestSlug)
            {
                break;
            }
        }

        return slug.ToString().TrimEnd('-');
    }
}
