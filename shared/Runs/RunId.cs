using CloudPipe.Inspections;

namespace CloudPipe.Runs;

/// <summary>The id of one training run: the same request seen twice has one id, a changed request a new one.</summary>
public static class RunId
{
    /// <summary>Derives the id of a request.</summary>
    /// <param name="blobName">The request's name in the container <c>training</c>.</param>
    /// <param name="etag">The request's ETag.</param>
    /// <returns>A readable part of the name, a hyphen, and 16 hexadecimal digits, as of an inspection.</returns>
    public static string Create(string blobName, string etag) => InspectionId.Create(blobName, etag);

    /// <summary>Whether a text from outside has the form of an id, and so may stand in a path.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it has.</returns>
    public static bool IsWellFormed(string text) => InspectionId.IsWellFormed(text);
}
